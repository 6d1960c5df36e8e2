import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { ApiError } from "../logic/api";
import { Base } from "../logic/base";
import { noCare } from "../logic/caredraft";
import { assign, type Shown } from "../logic/faults";
import { number, zone, zoneName } from "../logic/format";
import { again, blankLoad, dayWindow, dockWindow, draftOf, loadTerms, noPiece, type LoadDraft, type StopDraft } from "../logic/loaddraft";
import { clock, explanations, loads, me, missing, want, wantExplanation } from "../logic/market";
import { notes, read, write } from "../logic/net";
import { withRemedy } from "../logic/remedy";
import { piecesOf } from "../logic/pastepieces";
import { toast } from "../logic/toast";
import { totals, type PieceDraft } from "../logic/measure";
import { go, place } from "../logic/router";
import { capabilities, type Load, type Site } from "../logic/types";
import { BackLink, Overtaken, TaskNote, useTask } from "../parts/basics";
import { CareFields } from "../parts/care";
import { FaultSummary, focusFault, inputsOf, Segments, Text, Ticks } from "../parts/field";
import { Town } from "../parts/town";
import { words } from "../words/words";

/** As long as may be: the server keeps half of the time to the answer for asking everybody. */
const mostSole = 1440;

const draftNote = "pinhuo.draft.load";
const lastNote = "pinhuo.last.load";

function noted(name: string): LoadDraft | undefined {
  try {
    const kept = JSON.parse(notes.getItem(name) ?? "null") as { org: string; draft: LoadDraft } | null;
    return kept && kept.org === me.peek()?.org.id ? { ...kept.draft, care: { ...noCare, ...kept.draft.care } } : undefined;
  } catch {
    return undefined;
  }
}

function note(name: string, draft: LoadDraft): void {
  notes.setItem(name, JSON.stringify({ org: me.peek()?.org.id, draft }));
}

type Purpose = { kind: "post" } | { kind: "edit" | "repost"; load: Load };

/** The form for a new load, or, with an id, for editing or reposting a known one. */
export function LoadForm({ id, repost }: { id?: string; repost?: boolean }) {
  const like = place.value.query.get("like") ?? undefined;
  const source = id ?? like;
  const load = source ? loads.get(source) : undefined;
  if (source && !load) {
    want("loads", source);
    return <div class="skeleton" />;
  }
  const wanted = id !== undefined && place.value.query.has("remedy");
  const why = wanted ? explanations.value.get(id) : undefined;
  if (wanted && !why && !missing.value.has(`explanation/${id}`)) {
    wantExplanation(id);
    return <div class="skeleton" />;
  }
  if (id && load) {
    const stated = draftOf(load, zone.peek());
    const draft = why?.remedy ? withRemedy(stated, load, why.remedy, zone.peek()) : stated;
    const initial = repost ? { ...again(draft, clock.now(), zone.peek()), ref: load.ref ?? "" } : draft;
    return <Form key={`${id}${repost}`} purpose={{ kind: repost ? "repost" : "edit", load }} initial={initial} />;
  }
  const initial = load
    ? again(draftOf(load, zone.peek()), clock.now(), zone.peek())
    : noted(draftNote) ?? blankLoad(clock.now(), zone.peek(), noted(lastNote));
  return <Form key={like ?? "new"} purpose={{ kind: "post" }} initial={initial} />;
}

function Form({ purpose, initial }: { purpose: Purpose; initial: LoadDraft }) {
  const { load: say, common } = words();
  const draft = useSignal(initial);
  const faults = useSignal<Shown[]>([]);
  const task = useTask();
  const form = useRef<HTMLFormElement>(null);
  const fresh = purpose.kind === "post";
  const base = useMemo(() => new Base(purpose.kind === "post" ? 0 : purpose.load.version), []);
  const title = { post: say.postTitle, edit: say.editTitle, repost: say.repostTitle }[purpose.kind];

  const set = (part: Partial<LoadDraft>) => {
    draft.value = { ...draft.value, ...part };
    if (fresh) note(draftNote, draft.value);
  };
  const show = (shown: Shown[]) => {
    faults.value = shown;
    if (shown.length > 0) focusFault(form.current);
  };
  const submit = () =>
    task.run(async (how) => {
      const filled = loadTerms(draft.value, zone.value, common);
      show(filled.faults);
      if (filled.faults.length > 0) return;
      try {
        const load = await send(purpose, base, filled.terms, how);
        if (!load) return;
        loads.put(load);
        if (fresh) {
          notes.removeItem(draftNote);
          note(lastNote, draft.value);
        }
        toast(purpose.kind === "edit" ? say.saved : say.posted, "good");
        go(`/loads/${load.id}`, !fresh);
      } catch (error) {
        if (!(error instanceof ApiError) || !error.problem.field) throw error;
        show(assign(error.faults, inputsOf(form.current)));
      }
    });

  const d = draft.value;
  const f = faults.value;
  return (
    <form
      ref={form}
      class="form"
      noValidate
      data-testid="load-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <BackLink to={fresh ? "/loads" : `/loads/${purpose.load.id}`} />
      <h1>{title}</h1>
      {fresh && <Recent />}
      <FaultSummary faults={f} />
      <section class="card">
        <Text path="goods" label={say.goods} hint={say.goodsHint} faults={f} value={d.goods} onValue={(goods) => set({ goods })} />
        <Size draft={d} faults={f} set={set} />
      </section>
      <div class="two">
        <StopFields side="pickup" stop={d.pickup} faults={f} onValue={(pickup) => set({ pickup })} />
        <StopFields side="delivery" stop={d.delivery} faults={f} onValue={(delivery) => set({ delivery })} />
      </div>
      <details class="card" open={!fresh}>
        <summary>{say.more}</summary>
        <div class="two">
          <Text path="ref" label={say.ref} hint={say.refHint} optional faults={f} value={d.ref} onValue={(ref) => set({ ref })} />
          <Text path="answer_by" label={say.answerByField(zoneName())} hint={say.answerByHint} optional kind="time" faults={f} value={d.answerBy ?? ""} onValue={(answerBy) => set({ answerBy })} />
          <Text path="ceiling_fen" label={say.ceiling} hint={say.ceilingHint} optional kind="decimal" faults={f} value={d.ceiling} onValue={(ceiling) => set({ ceiling })} />
        </div>
        <Ticks path="hold" label={say.hold} faults={f} value={d.hold ? ["hold"] : []} onValue={(list: string[]) => set({ hold: list.length > 0 })} options={[["hold", say.holdText] as const]} />
        <Ticks path="exclusive_min" label={say.sole} faults={f} value={d.sole ? ["sole"] : []} onValue={(list: string[]) => set(list.length > 0 ? { sole: mostSole } : { sole: 0 })} options={[["sole", say.soleText] as const]} />
        <Ticks path="needs" label={say.needs} faults={f} value={d.needs} onValue={(needs) => set({ needs })} options={capabilities.map((c) => [c, words().needs[c]] as const)} />
        <CareFields draft={d.care} faults={f} set={(part) => set({ care: { ...d.care, ...part } })} />
      </details>
      <div class="submit">
        <TaskNote task={task} />
        <Overtaken base={base} />
        <button class="button main big" disabled={task.busy.value} data-testid="submit-load">
          {task.busy.value ? common.sending : fresh ? say.submit : purpose.kind === "repost" ? say.repost : say.save}
        </button>
      </div>
    </form>
  );
}

const recentOnes = 4;

/** The loads posted lately, each kind once: one tap fills the form with another like it. */
function Recent() {
  const { load: say } = words();
  const kinds = new Map<string, Load>();
  for (const load of loads.list()) {
    const kind = `${load.goods} ${load.pickup.place.town} ${load.delivery.place.town}`;
    if (!kinds.has(kind)) kinds.set(kind, load);
    if (kinds.size === recentOnes) break;
  }
  if (kinds.size === 0) return null;
  return (
    <nav class="row wrap chips" aria-label={say.recent}>
      <span class="soft">{say.recent}</span>
      {[...kinds.values()].map((load) => (
        <a key={load.id} class="chip" href={`/loads/new?like=${load.id}`} data-testid="recent-load" data-id={load.id}>{load.goods} {load.pickup.place.town} → {load.delivery.place.town}</a>
      ))}
    </nav>
  );
}

function send(purpose: Purpose, base: Base, terms: unknown, how: object): Promise<Load | undefined> {
  if (purpose.kind === "post") return write<Load>("post", "/v1/loads", terms, {}, how);
  const { id } = purpose.load;
  const at = `/v1/loads/${encodeURIComponent(id)}`;
  if (purpose.kind === "repost") return write<Load>(`repost:${id}`, `${at}/repost`, terms, {}, how);
  return base.send(
    (ifMatch) => write<Load>(`edit:${id}`, at, terms, { method: "PUT", ifMatch }, how),
    async () => (await read<Load>(at)).version,
  );
}

interface Part {
  draft: LoadDraft;
  faults: Shown[];
  set: (part: Partial<LoadDraft>) => void;
}

function Size({ draft, faults, set }: Part) {
  const { load: say } = words();
  const sum = totals(draft.pieces);
  const change = (i: number, part: Partial<PieceDraft>) =>
    set({ pieces: draft.pieces.map((piece, k) => (k === i ? { ...piece, ...part } : piece)) });
  const paste = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData("text") ?? "";
    const { pieces, unread } = piecesOf(text);
    if (pieces.length === 0 || !/[\n\t×*xX]|\d\s+\d/.test(text.trim())) return; // a single figure goes where the cursor is
    event.preventDefault();
    const filled = draft.pieces.filter((piece) => Object.values(piece).some((value) => value !== ""));
    set({ by: "pieces", pieces: [...filled, ...pieces] });
    toast(unread > 0 ? say.pastedSome(pieces.length, unread) : say.pasted(pieces.length), unread > 0 ? "warn" : "good");
  };
  return (
    <div class="size" onPaste={paste} data-testid="size">
      <div class="row between">
        <h2 class="small">{say.size}</h2>
        <Segments name="by" label={say.size} value={draft.by} onValue={(by) => set({ by })} options={[["pieces", say.byPieces], ["totals", say.byTotals]]} />
      </div>
      {draft.by === "pieces" ? (
        <>
          {draft.pieces.map((piece, i) => (
            <PieceRow
              key={i}
              i={i}
              piece={piece}
              faults={faults}
              onValue={(part) => change(i, part)}
              {...(draft.pieces.length > 1 && { onRemove: () => set({ pieces: draft.pieces.filter((_, k) => k !== i) }) })}
            />
          ))}
          <p class="hint">{say.pasteHint}</p>
          <div class="row between wrap">
            <button type="button" class="button quiet" data-testid="add-piece" onClick={() => set({ pieces: [...draft.pieces, noPiece] })}>
              + {say.addPiece}
            </button>
            <output class="totals" data-testid="totals">
              {say.totals} <b data-testid="total-count">{words().units.pieces(sum.count)}</b> · <b data-testid="total-kg">{words().units.kg(number(sum.kg, 2))}</b> ·{" "}
              <b data-testid="total-m3">{words().units.m3(number(sum.litres / 1000, 2))}</b> ·{" "}
              <b data-testid="total-floor">{words().units.floorShort(number(sum.floor_m, 2))}</b>
            </output>
          </div>
          {((sum.count > 0 && sum.kg === 0) || draft.kg !== "") && (
            <div class="narrow">
              <Text path="size.kg" label={say.totalKg} hint={say.totalKgHint} kind="decimal" faults={faults} value={draft.kg} onValue={(kg) => set({ kg })} />
            </div>
          )}
        </>
      ) : (
        <div class="three">
          <Text path="size.kg" label={say.totalKg} kind="decimal" faults={faults} value={draft.kg} onValue={(kg) => set({ kg })} />
          <Text path="size.litres" label={say.totalM3} kind="decimal" optional faults={faults} value={draft.m3} onValue={(m3) => set({ m3 })} />
          <Text path="size.floor_m" label={say.totalFloor} kind="decimal" faults={faults} value={draft.floor} onValue={(floor) => set({ floor })} />
        </div>
      )}
    </div>
  );
}

function PieceRow({ i, piece, faults, onValue, onRemove }: {
  i: number;
  piece: PieceDraft;
  faults: Shown[];
  onValue: (part: Partial<PieceDraft>) => void;
  onRemove?: () => void;
}) {
  const { load: say } = words();
  const at = (name: string) => `size.pieces[${i}].${name}`;
  return (
    <div class="piece" role="group" aria-label={say.pieceNo(i + 1)}>
      <Text path={at("count")} label={say.count} kind="integer" faults={faults} value={piece.count} onValue={(count) => onValue({ count })} />
      <Text path={at("length_m")} label={say.length} kind="decimal" faults={faults} value={piece.length} onValue={(length) => onValue({ length })} />
      <Text path={at("width_m")} label={say.width} kind="decimal" faults={faults} value={piece.width} onValue={(width) => onValue({ width })} />
      <Text path={at("height_m")} label={say.height} kind="decimal" faults={faults} value={piece.height} onValue={(height) => onValue({ height })} />
      <Text path={at("kg")} label={say.each} kind="decimal" faults={faults} value={piece.kg} onValue={(kg) => onValue({ kg })} />
      {onRemove && (
        <button type="button" class="button quiet icon" aria-label={say.removePiece(i + 1)} onClick={onRemove}>×</button>
      )}
    </div>
  );
}

/** What is known of a place of one's own besides where it is. */
function siteFields({ place, contact, note, opens, shuts }: Site, stop: StopDraft): Partial<StopDraft> {
  return {
    address: [place.address, note].filter(Boolean).join(" "), name: contact?.name ?? "", phone: contact?.phone ?? "",
    ...(opens && shuts && dockWindow(opens, shuts, stop.open, clock.now(), zone.peek())),
  };
}

function StopFields({ side, stop, faults, onValue }: {
  side: "pickup" | "delivery";
  stop: StopDraft;
  faults: Shown[];
  onValue: (stop: StopDraft) => void;
}) {
  const { load: say } = words();
  const set = (part: Partial<StopDraft>) => onValue({ ...stop, ...part });
  const days = [say.quickToday, say.quickTomorrow, say.quickAfter];
  return (
    <fieldset class="card">
      <legend>{say[side]}</legend>
      <Town
        path={`${side}.place`}
        label={say.town}
        faults={faults}
        value={stop.place}
        onValue={(place, site) => set({ place, ...(site && siteFields(site, stop)) })}
      />
      <div class="row wrap chips" role="group" aria-label={`${say[side]} ${say.quick}`}>
        {days.map((day, i) => (
          <button type="button" class="chip" key={day} data-testid={`quick-${side}-${i}`} onClick={() => set(dayWindow(clock.now(), i, zone.value))}>
            {day}
          </button>
        ))}
      </div>
      <div class="two tight">
        <Text path={`${side}.window.open`} label={say.windowOpen(zoneName())} kind="time" faults={faults} value={stop.open} onValue={(open) => set({ open })} />
        <Text path={`${side}.window.close`} label={say.windowClose(zoneName())} kind="time" faults={faults} value={stop.close} onValue={(close) => set({ close })} />
      </div>
      <Text path={`${side}.place.address`} label={say.address} optional faults={faults} value={stop.address} onValue={(address) => set({ address })} />
      <div class="two tight">
        <Text path={`${side}.contact.name`} label={say.contactName} optional faults={faults} value={stop.name} onValue={(name) => set({ name })} />
        <Text path={`${side}.contact.phone`} label={say.contactPhone} kind="tel" optional faults={faults} value={stop.phone} onValue={(phone) => set({ phone })} />
      </div>
      <p class="hint">{say.privateHint}</p>
    </fieldset>
  );
}
