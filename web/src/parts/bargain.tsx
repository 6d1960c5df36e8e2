import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { accept, answers, counter, decline, forgive } from "../logic/answer";
import { money, when } from "../logic/format";
import { asked, bounds, fenOf, handy, priceNow, question, roundsLeft, sideOf } from "../logic/haggle";
import { face, now, reread } from "../logic/market";
import { read } from "../logic/net";
import type { Bid, Offer } from "../logic/types";
import { word, words } from "../words/words";
import { Confirm, Countdown, TaskNote, useTask } from "./basics";
import { Text } from "./field";

/** Until when an offer can be answered: what is left, and the time of day. */
export function Clock({ offer }: { offer: Offer }) {
  const { offer: say } = words();
  return (
    <span class="clock">
      <span class="unseen">{say.left}</span>
      <Countdown until={offer.expires_at} />
      <small class="soft">{say.until(when(offer.expires_at, now.value))}</small>
    </span>
  );
}

/** What was named last and who is to answer; nothing before anybody has bargained. */
export function Table({ offer }: { offer: Offer }) {
  const { haggle: say } = words();
  const side = sideOf(face.value);
  const { counter_fen, countered_by } = offer;
  if (offer.state !== "countered" || counter_fen === undefined || !countered_by) return null;
  const own = countered_by === side;
  return (
    <div class={`note ${own ? "" : "warn"}`} role="status" data-testid="bargain" data-by={countered_by} data-fen={counter_fen} data-turn={asked(offer) === side ? "own" : "other"}>
      <p>{own ? say.own(money(counter_fen)) : say.theirs[countered_by](money(counter_fen))}</p>
      <p class="soft">{say.first(money(offer.price_fen))} · {roundsLeft(offer) > 0 ? say.rounds(roundsLeft(offer)) : say.last}</p>
      {(offer.rounds ?? 0) > 1 && <Bids offer={offer} />}
    </div>
  );
}

/** Every price that was named, the first first; read when it is opened. */
function Bids({ offer }: { offer: Offer }) {
  const { haggle: say, common } = words();
  const known = useSignal<Bid[] | undefined>(undefined);
  const open = useSignal(false);
  const task = useTask();
  const look = () => void task.run(async () => {
    known.value = (await read<{ items: Bid[] }>(`/v1/offers/${encodeURIComponent(offer.id)}/bids`)).items;
  });
  useEffect(() => {
    if (open.value) look();
  }, [open.value, offer.rounds]);
  return (
    <details class="bids" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary data-testid="bids-open">{say.all(offer.rounds ?? 0)}</summary>
      <TaskNote task={task} />
      {task.error.value !== undefined && <button class="button" onClick={look}>{common.retry}</button>}
      {!known.value && task.busy.value && <div class="skeleton" aria-busy="true" />}
      <ol data-testid="bids">
        <li><span>{say.shown}</span> <b>{money(offer.price_fen)}</b></li>
        {known.value?.map((bid) => (
          <li key={bid.at} data-testid="bid" data-by={bid.by} data-fen={bid.price_fen}>
            <span>{say.by[bid.by]}</span> <b>{money(bid.price_fen)}</b> <span class="soft">{when(bid.at, now.value)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** Brings what has just been opened into sight, and the focus to its first control. */
function unfold(box: HTMLElement | null, first: string): void {
  box?.querySelector<HTMLElement>(first)?.focus({ preventScroll: true });
  box?.scrollIntoView({ block: "nearest" });
}

/** Why an operator may say no: what it is asked next follows from it. */
const noes = ["price", "detour_distance", "detour_time", "deck", "equipment", "window_pickup", "declined"] as const;

/** What the side that is asked can say to an offer: yes, no, another price. */
export function Answer({ offer, ceiling }: { offer: Offer; ceiling?: number | undefined }) {
  const { offer: say, haggle, common } = words();
  const side = sideOf(face.value);
  const mode = useSignal<"" | "no" | "price" | "over">("");
  const box = useRef<HTMLDivElement>(null);
  const answer = answers.value.get(offer.id);
  const busy = answer?.busy ?? false;
  const stop = busy || Date.parse(offer.expires_at) <= now.value;
  const price = priceNow(offer);
  const above = side === "shipper" && ceiling !== undefined && price > ceiling;
  const stale = answer?.problem === "stale_version" || answer?.problem === "turn";
  const home = () => box.current?.closest<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  useEffect(() => {
    mode.value = ""; // other terms, another question
  }, [question(offer)]);
  const look = () => {
    forgive(offer.id);
    reread(`offers/${offer.id}`);
    home();
  };
  const no = (reason: string) => {
    mode.value = "";
    void decline(offer, reason);
    home();
  };
  if (asked(offer) !== side) return <Waiting offer={offer} />;
  return (
    <div ref={box} class="bargain">
      <div role="alert">
        {answer?.waiting && <p class="note warn">{common.badLine}</p>}
        {answer?.error && (
          <p class="note bad" data-testid="offer-error" data-problem={answer.problem ?? ""}>
            {answer.error}
            {stale && <> <button class="button" onClick={look} data-testid="see-newest">{haggle.newest}</button></>}
          </p>
        )}
      </div>
      {mode.value === "no" && <Why onNo={no} onBack={() => { mode.value = ""; home(); }} />}
      {(mode.value === "" || mode.value === "over") && (
        <div class="answer">
          <button class="button big quiet" aria-disabled={stop} onClick={() => !stop && (side === "carrier" ? (mode.value = "no") : no("price"))} data-testid="decline-offer">
            {busy && answer?.doing === "decline" ? say.declining : side === "carrier" ? say.decline : haggle.refuse}
          </button>
          <button class="button big main" aria-disabled={stop} onClick={() => !stop && (above ? (mode.value = "over") : void accept(offer))} data-testid="accept-offer">
            {busy && answer?.doing === "accept" ? say.accepting : side === "carrier" ? say.acceptFor(money(price)) : haggle.agree(money(price))}
          </button>
        </div>
      )}
      {mode.value === "" && bounds(offer) && (
        <button class="button quiet wide" aria-disabled={stop} onClick={() => !stop && (mode.value = "price")} data-testid="counter-offer">
          {busy && answer?.doing === "counter" ? common.sending : haggle.another}
        </button>
      )}
      {mode.value === "price" && <Name offer={offer} ceiling={ceiling} stop={stop} onBack={() => { mode.value = ""; home(); }} />}
      {mode.value === "over" && (
        <Confirm title={haggle.overAsk(money(price))} text={haggle.over(money(ceiling ?? 0), money(price))} yes={haggle.agree(money(price))} tone="main"
          onYes={() => void accept(offer, true)} onClose={() => mode.value === "over" && (mode.value = "")} />
      )}
    </div>
  );
}

/** The other side has the word; an operator may still leave. */
function Waiting({ offer }: { offer: Offer }) {
  const { offer: say, haggle } = words();
  const answer = answers.value.get(offer.id);
  const stop = answer?.busy || Date.parse(offer.expires_at) <= now.value;
  if (face.value !== "carrier") return null;
  return (
    <div class="row between wrap bargain">
      <span class="soft">{haggle.wait}</span>
      <button class="button quiet" aria-disabled={stop} onClick={() => !stop && void decline(offer, "price")} data-testid="leave-offer">{say.decline}</button>
      <div role="alert">{answer?.error && <p class="note bad" data-testid="offer-error">{answer.error}</p>}</div>
    </div>
  );
}

/** Asks an operator who says no for the reason. */
export function Why({ onNo, onBack }: { onNo: (reason: string) => void; onBack: () => void }) {
  const { haggle: say, common } = words();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => unfold(box.current, "button"), []);
  return (
    <div ref={box} role="group" aria-label={say.why} class="noes">
      <p class="soft">{say.why}</p>
      {noes.map((reason) => (
        <button key={reason} class="button" onClick={() => onNo(reason)} data-testid={`no-${reason}`}>{word(say.noes, reason)}</button>
      ))}
      <button class="button quiet" onClick={onBack}>{common.back}</button>
    </div>
  );
}

/** Names another price: one of a few that are at hand, or any between the bounds. */
function Name({ offer, ceiling, stop, onBack }: { offer: Offer; ceiling?: number | undefined; stop: boolean; onBack: () => void }) {
  const { haggle: say, common } = words();
  const side = asked(offer);
  const text = useSignal("");
  const fault = useSignal("");
  const sure = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const answer = answers.value.get(offer.id);
  const range = bounds(offer);
  useEffect(() => unfold(form.current, "input"), []);
  if (!range) return null;
  const fen = fenOf(text.value);
  const good = fen !== undefined && !Number.isNaN(fen) && fen >= range.least && fen <= range.most;
  const above = good && side === "shipper" && ceiling !== undefined && fen > ceiling;
  const between = say.between(money(range.least), money(range.most));
  const set = (next: string) => {
    text.value = next;
    fault.value = "";
    sure.value = false;
  };
  const send = async () => {
    if (stop) return;
    if (!good) {
      fault.value = fen === undefined ? common.required : Number.isNaN(fen) ? common.notNumber : say.outside(between);
      form.current?.querySelector("input")?.focus();
      return;
    }
    await counter(offer, { price_fen: fen, ...(sure.value && { sure: true }), ...(above && { over_ceiling: true }) });
  };
  return (
    <form ref={form} class="naming" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }} data-testid="counter-form">
      <div class="row wrap chips" role="group" aria-label={say.handy}>
        {handy(offer).map((one) => (
          <button key={one} type="button" class="chip" aria-pressed={fen === one} onClick={() => set(String(one / 100))} data-testid="counter-chip">{money(one)}</button>
        ))}
      </div>
      <Text path="price_fen" label={say.amount[side]} hint={fault.value ? undefined : between} kind="decimal" faults={fault.value ? [{ field: "price_fen", text: fault.value }] : []} value={text.value} onValue={set} />
      {answer?.problem === "yuan" && good && (
        <label class="tick"><input type="checkbox" checked={sure.value} onChange={() => (sure.value = !sure.value)} data-testid="counter-sure" /> {say.sure(money(fen))}</label>
      )}
      {above && <p class="note warn">{say.over(money(ceiling ?? 0), money(fen))}</p>}
      <div class="answer">
        <button type="button" class="button big quiet" onClick={onBack}>{common.back}</button>
        <button class="button big main" aria-disabled={stop} data-testid="send-counter">{good ? say.name[side](money(fen)) : say.another}</button>
      </div>
    </form>
  );
}
