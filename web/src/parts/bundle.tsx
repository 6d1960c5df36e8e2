import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { answers, answerBundle, forgive } from "../logic/answer";
import { stillOpen, type LineFault } from "../logic/bundle";
import { between, km, money, room, span, when } from "../logic/format";
import { mayHaul, now, offers, reason, reread, trips } from "../logic/market";
import type { Bundle, Offer } from "../logic/types";
import { word, words } from "../words/words";
import { Clock, Why } from "./bargain";
import { Fact, Route } from "./basics";
import { careText } from "./care";
import { recordText } from "./firm";
import { useSeen } from "./seen";

/** Loads that ride together, answered with one yes or by those that are ticked. */
export function BundleCard({ bundle, lines }: { bundle: Bundle; lines: Offer[] }) {
  const { bundle: say, offer: ask } = words();
  const left = useSignal<ReadonlySet<string>>(new Set());
  const first = useRef(bundle.version);
  const chosen = lines.filter((line) => !left.value.has(line.id));
  const price = chosen.reduce((sum, line) => sum + line.price_fen, 0);
  const metres = chosen.reduce((sum, line) => sum + line.detour.metres, 0);
  const seconds = chosen.reduce((sum, line) => sum + line.detour.seconds, 0);
  const trip = trips.get(bundle.trip_id);
  const answered = (changed: boolean) => {
    if (!changed) return;
    left.value = new Set(); // what is left is another question
    first.current = 0;
  };
  const busy = answers.value.get(bundle.id)?.busy ?? false;
  if (first.current === 0) first.current = bundle.version;
  const flip = (id: string) => {
    const next = new Set(left.value);
    if (!next.delete(id)) next.add(id);
    left.value = next;
  };
  return (
    <article id={bundle.id} class="card offer bundle" tabIndex={-1} aria-label={say.title(lines.length)} data-testid="bundle-card" data-id={bundle.id} data-version={bundle.version}>
      <div class="row between">
        <h2>{say.title(lines.length)}</h2>
        <Clock offer={soonest(lines)} />
      </div>
      <div class="row between wrap">
        <span class="figure" data-testid="bundle-price" data-fen={price}>{money(price)}</span>
        {chosen.length > 0 && <span class="extra">{metres < 500 && seconds < 60 ? ask.noDetour : ask.extra(km(metres), span(seconds))}</span>}
      </div>
      {first.current !== bundle.version && !busy && <p class="note warn" role="status" data-testid="bundle-changed">{ask.repriced}</p>}
      <ul class="asked">
        {lines.map((line) => <Line key={line.id} line={line} on={!left.value.has(line.id)} onFlip={() => flip(line.id)} />)}
      </ul>
      <dl class="facts"><Fact term={ask.forTrip}>{trip && <a href={`/trips/${trip.id}`}>{trip.vehicle.plate?.number}</a>}</Fact></dl>
      {mayHaul.value && <Answer bundle={bundle} lines={lines} chosen={chosen} price={price} onDone={answered} />}
    </article>
  );
}

/** The line whose clock runs out first. */
const soonest = (lines: Offer[]): Offer => lines.reduce((a, b) => (Date.parse(b.expires_at) < Date.parse(a.expires_at) ? b : a));

function Line({ line, on, onFlip }: { line: Offer; on: boolean; onFlip: () => void }) {
  const { offer: ask, needs, load: loadWords } = words();
  const { pickup, delivery, goods, size, needs: wanted, hold } = line.load;
  const row = useSeen<HTMLLIElement>(line);
  return (
    <li ref={row} id={line.id} tabIndex={-1} data-testid="bundle-line" data-id={line.id}>
      <label class="tick">
        <input type="checkbox" checked={on} onChange={onFlip} data-testid={`line-${line.load_id}`} />
        <span class="row between wrap"><Route from={pickup.town} to={delivery.town} /> <b>{money(line.price_fen)}</b></span>
      </label>
      <span class="soft line-text">
        <span class="line">{[goods, room(size), ...(wanted ?? []).map((need) => word(needs, need)), careText(line.load)].filter(Boolean).join(" · ")}</span>
        <span class="line">{ask.pickup} {between(pickup.window, now.value)} · {ask.eta} {when(line.pickup_eta, now.value)}</span>
        <span class="line">{ask.delivery} {between(delivery.window, now.value)} · {ask.eta} {when(line.drop_eta, now.value)}</span>
        <span class="line">{[line.shipper?.name, recordText(line.shipper?.record)].filter(Boolean).join(" · ")}{hold && ` · ${loadWords.looksFirst}`}</span>
      </span>
    </li>
  );
}

function Answer({ bundle, lines, chosen, price, onDone }: { bundle: Bundle; lines: Offer[]; chosen: Offer[]; price: number; onDone: (changed: boolean) => void }) {
  const { bundle: say, offer: ask, haggle, common } = words();
  const asking = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const answer = answers.value.get(bundle.id);
  const busy = answer?.busy ?? false;
  const over = chosen.some((line) => Date.parse(line.expires_at) <= now.value);
  const stop = busy || over || chosen.length === 0;
  const every = chosen.length === lines.length;
  const home = () => box.current?.closest<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  useEffect(() => {
    asking.value = false; // other terms, another question
  }, [bundle.version]);
  const look = () => {
    forgive(bundle.id);
    reread(`bundles/${bundle.id}`);
    home();
  };
  const tell = async (doing: "accept" | "decline", reason?: string) => {
    if (asking.value) home(); // the button that had the focus goes
    asking.value = false;
    const whole = chosen.length === stillOpen(bundle, (id) => offers.get(id)).length;
    const said = { ...(!whole && { lines: chosen.map((line) => line.id) }), ...(reason && { reason }) };
    onDone(await answerBundle(doing, bundle, said, new Map(lines.map((line) => [line.id, line.price_fen]))));
  };
  return (
    <div ref={box} class="bargain">
      <div role="alert">
        {answer?.waiting && <p class="note warn">{common.badLine}</p>}
        {answer?.error && (
          <div class="note bad" data-testid="bundle-error" data-problem={answer.problem ?? ""}>
            {answer.faults?.length ? <Faults faults={answer.faults} /> : <p>{answer.error}</p>}
            <button class="button" onClick={look} data-testid="bundle-newest">{haggle.newest}</button>
          </div>
        )}
      </div>
      {asking.value ? (
        <Why onNo={(why) => void tell("decline", why)} onBack={() => { asking.value = false; home(); }} />
      ) : (
        <div class="answer">
          <button class="button big quiet" aria-disabled={stop} onClick={() => !stop && (asking.value = true)} data-testid="decline-bundle">
            {busy && answer?.doing === "decline" ? ask.declining : every ? say.none : say.refuse(chosen.length)}
          </button>
          <button class="button big main" aria-disabled={stop} onClick={() => !stop && void tell("accept")} data-testid="accept-bundle">
            {busy && answer?.doing === "accept" ? ask.accepting : say.take(chosen.length, money(price))}
          </button>
        </div>
      )}
      {!every && <p class="hint">{say.some}</p>}
    </div>
  );
}

/** What has become of each line that could not be booked. */
function Faults({ faults }: { faults: LineFault[] }) {
  const { bundle: say } = words();
  const text = ({ problem, reason: why, fen }: LineFault) => {
    if (fen !== undefined) return say.now(money(fen));
    if (problem !== "unfit" || !why) return word(say.faults, problem);
    return why === "price" ? say.onlyTogether : `${word(say.faults, problem)}: ${reason(why)}`;
  };
  return (
    <>
      <p>{say.changed}</p>
      <ul>
        {faults.map((fault) => {
          const load = offers.get(fault.line)?.load;
          return <li key={fault.line} data-testid="line-fault">{load && <Route from={load.pickup.town} to={load.delivery.town} />} {load?.goods} · {text(fault)}</li>;
        })}
      </ul>
    </>
  );
}
