import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ApiError } from "../logic/api";
import { changes, costDraft, costTerms, example, parts, type Change, type CostDraft, type Part } from "../logic/costdraft";
import { costs, readCosts } from "../logic/desk";
import { assign, type Shown } from "../logic/faults";
import { money } from "../logic/format";
import { me } from "../logic/market";
import { write } from "../logic/net";
import type { CostModel, VehicleType } from "../logic/types";
import { At, BackLink, TaskNote, useTask } from "../parts/basics";
import { FaultSummary, faultsOf, focusFault, inputsOf, Text, tie } from "../parts/field";
import { word, words } from "../words/words";

/** What vehicles cost: the version that holds, the one that is to come, and all that were. */
export function Costs() {
  const { costs: say, common } = words();
  const reading = useTask();
  const read = () => void reading.run(readCosts);
  useEffect(read, []);
  const models = costs.value;
  const now = models?.[0];
  const may = ["owner", "officer"].includes(me.value?.role ?? "");
  return (
    <section aria-labelledby="costs-title" data-testid="costs">
      <BackLink to="/desk" />
      <h1 id="costs-title" class="head">{say.title}</h1>
      <p class="soft">{say.text}</p>
      <TaskNote task={reading} />
      {reading.error.value !== undefined && <button class="button" onClick={read}>{common.retry}</button>}
      {!now && reading.busy.value && <div class="skeleton" aria-busy="true" />}
      {now && <Form now={now} may={may} />}
      {models && <History models={models} />}
    </section>
  );
}

function Form({ now, may }: { now: CostModel; may: boolean }) {
  const { costs: say, common, load } = words();
  const base = useSignal(now);
  const draft = useSignal<CostDraft>(costDraft(now));
  const faults = useSignal<Shown[]>([]);
  const saved = useSignal(false);
  const task = useTask();
  const form = useRef<HTMLFormElement>(null);
  const d = draft.value;
  const types = base.value.types.map((rate) => rate.type);
  const overtaken = now.version > base.value.version;
  const take = (model: CostModel) => {
    base.value = model;
    draft.value = costDraft(model);
    faults.value = [];
    task.error.value = undefined;
  };
  const show = (found: Shown[]) => {
    faults.value = found;
    if (found.length > 0) focusFault(form.current);
  };
  const change = (next: CostDraft) => {
    saved.value = false;
    draft.value = next;
  };
  const save = () => task.run(async (how) => {
    const { terms, faults: found } = costTerms(d, base.value.version, types, { ...common, outside: say.outside });
    show(found);
    if (found.length > 0) return;
    try {
      take(await write<CostModel>("costs", "/v1/desk/costs", terms, { method: "PUT" }, how));
      saved.value = true;
      await readCosts();
    } catch (error) {
      if (error instanceof ApiError && error.problem.problem === "stale_version") await readCosts();
      if (!(error instanceof ApiError) || !error.problem.field?.startsWith("types")) throw error;
      show(assign(error.faults, inputsOf(form.current)));
    }
  });
  const f = faults.value;
  return (
    <form ref={form} class="form costs" noValidate data-testid="costs-form" data-version={base.value.version} onSubmit={(event) => {
      event.preventDefault();
      if (!task.busy.value) void save();
    }}>
      <p data-testid="costs-now"><b>{say.version(base.value.version)}</b> · <Who model={base.value} /></p>
      {overtaken && (
        <p class="note warn" role="alert" data-testid="costs-overtaken">
          {say.overtaken} <button type="button" class="button" onClick={() => take(now)} data-testid="costs-newest">{words().haggle.newest}</button>
        </p>
      )}
      <FaultSummary faults={f} />
      <fieldset disabled={!may} class="plain">
        <Rates types={types} draft={d} faults={f} onDraft={change} />
        <div class="two tight card">
          <Text path="margin_percent" label={say.margin} hint={say.marginHint} kind="integer" faults={f} value={d.margin} onValue={(margin) => change({ ...d, margin })} />
          <Text path="discount_percent" label={say.discount} hint={say.discountHint} kind="integer" faults={f} value={d.discount} onValue={(discount) => change({ ...d, discount })} />
        </div>
      </fieldset>
      <TaskNote task={task} />
      {saved.value && <p class="note good" role="status" data-testid="costs-saved">{say.saved(base.value.version)}</p>}
      {may && (
        <div class="row wrap">
          <button class="button main" aria-disabled={task.busy.value || overtaken} data-testid="submit-costs">{load.save}</button>
          <button type="button" class="button" onClick={() => take(now)}>{say.undo}</button>
        </div>
      )}
    </form>
  );
}

/** The rates as a table of inputs; on a phone a card a type. */
function Rates({ types, draft, faults, onDraft }: { types: VehicleType[]; draft: CostDraft; faults: Shown[]; onDraft: (next: CostDraft) => void }) {
  const { costs: say, types: names } = words();
  const put = (type: VehicleType, part: Part, text: string) =>
    onDraft({ ...draft, rates: { ...draft.rates, [type]: { ...(draft.rates[type] as Record<Part, string>), [part]: text } } });
  return (
    <table class="stack rates">
      <caption class="unseen">{say.rates}</caption>
      <thead>
        <tr><th scope="col">{say.type}</th>{parts.map((part) => <th key={part} scope="col">{say.parts[part]}</th>)}<th scope="col">{say.example}</th></tr>
      </thead>
      <tbody>
        {types.map((type, at) => (
          <tr key={type} data-testid={`rate-${type}`}>
            <th scope="row">{word(names, type)}</th>
            {parts.map((part) => (
              <td key={part} data-label={say.parts[part]}>
                <Cell path={`types[${at}].${part}`} label={`${word(names, type)} ${say.parts[part]}`} faults={faults} value={draft.rates[type]?.[part] ?? ""} onValue={(text) => put(type, part, text)} />
              </td>
            ))}
            <td data-label={say.example} data-testid={`example-${type}`}>{alone(draft, type)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const exampleKM = 100;
const exampleHours = 2;

function alone(draft: CostDraft, type: VehicleType): string {
  const fen = (part: Part) => Math.round(Number(draft.rates[type]?.[part]) * 100);
  const sum = example({ fixed_fen: fen("fixed_fen"), per_km_fen: fen("per_km_fen"), per_hour_fen: fen("per_hour_fen"), toll_fen: fen("toll_fen") }, exampleKM, exampleHours);
  return Number.isFinite(sum) ? money(sum) : "";
}

function Cell({ path, label, faults, value, onValue }: { path: string; label: string; faults: Shown[]; value: string; onValue: (text: string) => void }) {
  const id = `cost-${path}`;
  const fault = faultsOf(faults, path);
  return (
    <>
      <input {...tie(id, fault, undefined)} type="text" aria-label={label} name={path} inputMode="decimal" autocomplete="off" value={value} onInput={(event) => onValue(event.currentTarget.value)} data-testid={`in-${path}`} />
      {fault && <span class="fault line" id={`${id}-fault`}>{fault}</span>}
    </>
  );
}

function Who({ model }: { model: CostModel }) {
  const { costs: say } = words();
  if (!model.at) return <>{say.begin}</>;
  return <>{say.since} <At time={model.at} /> · {model.by?.name ?? ""}</>;
}

/** Every version with who set it, when, and what it changed. */
function History({ models }: { models: CostModel[] }) {
  const { costs: say } = words();
  return (
    <section class="card" aria-labelledby="versions-title">
      <h2 id="versions-title">{say.versions}</h2>
      <ol class="versions" data-testid="costs-versions">
        {models.map((model, i) => (
          <li key={model.version} data-version={model.version}>
            <b>{say.version(model.version)}</b> · <Who model={model} />
            {models[i + 1] && <ul>{changes(model, models[i + 1] as CostModel).map((one) => <li key={`${one.type} ${one.what}`} class="soft">{text(one)}</li>)}</ul>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function text({ what, type, from, to }: Change): string {
  const { costs: say, types } = words();
  if (what === "margin_percent") return `${say.margin}: ${from} → ${to}`;
  if (what === "discount_percent") return `${say.discount}: ${from} → ${to}`;
  return `${word(types, type)} ${say.parts[what]}: ${money(from)} → ${money(to)}`;
}
