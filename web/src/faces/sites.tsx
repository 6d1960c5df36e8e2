import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ApiError } from "../logic/api";
import { Base } from "../logic/base";
import { assign, type Shown } from "../logic/faults";
import { zone, zoneName } from "../logic/format";
import { attempts, read, write } from "../logic/net";
import { blankSite, siteDraft, siteTerms, type SiteDraft } from "../logic/sitedraft";
import type { Page, Site } from "../logic/types";
import { Confirm, Empty, Overtaken, TaskNote, useTask } from "../parts/basics";
import { FaultSummary, focusFault, inputsOf, Text } from "../parts/field";
import { Town } from "../parts/town";
import { words } from "../words/words";

/** The places that the organization has given names, to be kept up. */
export function Sites({ mayKeep }: { mayKeep: boolean }) {
  const { site: say } = words();
  const list = useSignal<Site[] | undefined>(undefined);
  const editing = useSignal<Site | "new" | undefined>(undefined);
  const task = useTask();
  const look = () => task.run(async () => {
    list.value = (await read<Page<Site>>("/v1/sites")).items;
  });
  useEffect(() => void look(), []);
  const done = (site?: Site) => {
    const others = (list.value ?? []).filter((one) => one.id !== site?.id);
    if (site) list.value = [...others, site];
    editing.value = undefined;
  };
  if (editing.value) {
    const site = editing.value === "new" ? undefined : editing.value;
    return <SiteForm key={site?.id ?? "new"} site={site} onDone={done} onGone={(id) => {
      list.value = (list.value ?? []).filter((one) => one.id !== id);
      editing.value = undefined;
    }} />;
  }
  return (
    <section aria-labelledby="sites-title" class="slim" data-testid="sites">
      <div class="row between head">
        <h1 id="sites-title">{say.title}</h1>
        {mayKeep && <button class="button main" data-testid="add-site" onClick={() => (editing.value = "new")}>{say.add}</button>}
      </div>
      <p class="soft">{say.text}</p>
      <TaskNote task={task} />
      {list.value?.length === 0 && <Empty title={say.empty} />}
      <ul class="rows" data-testid="site-list">
        {(list.value ?? []).map((site) => (
          <li key={site.id} class="card" data-testid="site-row" data-id={site.id}>
            <div class="row between">
              <b>{site.name}</b>
              {mayKeep && <button class="button quiet" data-testid={`edit-site-${site.id}`} onClick={() => (editing.value = site)}>{words().common.edit}</button>}
            </div>
            <span class="line">{[site.place.town, site.place.address].filter(Boolean).join(" · ")}</span>
            <span class="line soft">{[site.opens && `${site.opens}–${site.shuts}`, site.contact?.name, site.contact?.phone, site.note].filter(Boolean).join(" · ")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SiteForm({ site, onDone, onGone }: { site: Site | undefined; onDone: (site?: Site) => void; onGone: (id: string) => void }) {
  const { site: say, load, common } = words();
  const draft = useSignal<SiteDraft>(site ? siteDraft(site) : blankSite);
  const faults = useSignal<Shown[]>([]);
  const asking = useSignal(false);
  const task = useTask();
  const form = useRef<HTMLFormElement>(null);
  const base = useMemo(() => new Base(site?.version ?? 0), []);
  const set = (part: Partial<SiteDraft>) => (draft.value = { ...draft.value, ...part });
  const show = (shown: Shown[]) => {
    faults.value = shown;
    if (shown.length > 0) focusFault(form.current);
  };
  const at = site && `/v1/sites/${encodeURIComponent(site.id)}`;
  const save = () => task.run(async (how) => {
    const { terms, faults: found } = siteTerms(draft.value, zone.value, common);
    show(found);
    if (found.length > 0) return;
    try {
      const kept = at
        ? await base.send((ifMatch) => write<Site>(`site:${site.id}`, at, terms, { method: "PUT", ifMatch }, how), present)
        : await write<Site>("site", "/v1/sites", terms, {}, how);
      if (kept) onDone(kept);
    } catch (error) {
      if (!(error instanceof ApiError) || !error.problem.field) throw error;
      show(assign(error.faults, inputsOf(form.current)));
    }
  });
  const present = async () => (await read<Page<Site>>("/v1/sites")).items.find((one) => one.id === site?.id)?.version ?? 0;
  const drop = () => task.run(async (how) => {
    if (!at) return;
    const gone = (key: string) => read<unknown>(at, { method: "DELETE", ifMatch: site.version, key });
    await attempts.run(`drop:${site.id}`, {}, gone, how).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.status !== 404) throw error; // gone already
    });
    onGone(site.id);
  });
  const d = draft.value;
  const f = faults.value;
  // The question stands beside the form: its own buttons are a form's too.
  return (
    <>
    <form ref={form} class="form slim" noValidate data-testid="site-form" onSubmit={(event) => {
      event.preventDefault();
      void save();
    }}>
      <h1>{site ? say.edit : say.add}</h1>
      <FaultSummary faults={f} />
      <section class="card">
        <Text path="name" label={say.name} hint={say.nameHint} faults={f} value={d.name} onValue={(name) => set({ name })} />
        <Town path="place" label={load.town} faults={f} value={d.place} onValue={(place) => set({ place })} />
        <Text path="place.address" label={load.address} optional faults={f} value={d.address} onValue={(address) => set({ address })} />
        <div class="two tight">
          <Text path="contact.name" label={load.contactName} optional faults={f} value={d.contact} onValue={(contact) => set({ contact })} />
          <Text path="contact.phone" label={load.contactPhone} kind="tel" optional faults={f} value={d.phone} onValue={(phone) => set({ phone })} />
        </div>
        <div class="two tight">
          <Text path="opens" label={say.opens(zoneName())} kind="clock" optional faults={f} value={d.opens} onValue={(opens) => set({ opens })} />
          <Text path="shuts" label={say.shuts(zoneName())} kind="clock" optional faults={f} value={d.shuts} onValue={(shuts) => set({ shuts })} />
        </div>
        <Text path="note" label={say.note} optional faults={f} value={d.note} onValue={(note) => set({ note })} />
      </section>
      <TaskNote task={task} />
      <Overtaken base={base} />
      <div class="row wrap">
        <button class="button main" disabled={task.busy.value} data-testid="submit-site">{load.save}</button>
        <button type="button" class="button" data-testid="leave-site" onClick={() => onDone()}>{common.cancel}</button>
        {site && <button type="button" class="button bad-quiet" data-testid="drop-site" onClick={() => (asking.value = true)}>{say.drop}</button>}
      </div>
    </form>
    {asking.value && <Confirm title={say.dropAsk} text={say.dropText} yes={say.drop} onYes={() => void drop()} onClose={() => (asking.value = false)} />}
    </>
  );
}
