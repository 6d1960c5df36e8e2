import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { amount, money, number } from "../logic/format";
import { live, ticketsOf, tickets } from "../logic/desk";
import { explanations, mayPost, me, reason, wantExplanation } from "../logic/market";
import { read, write } from "../logic/net";
import { inForm, pieceCount, remedyText } from "../logic/remedy";
import { toast } from "../logic/toast";
import type { Explanation, Load, NextStep, Page, Ticket, Trip } from "../logic/types";
import { Call, TaskNote, useTask } from "../parts/basics";
import { words, type Words } from "../words/words";

/** Why a load has no match: what was looked at, what came nearest, what would help. */
export function Why({ load }: { load: Load }) {
  const { why: say } = words();
  const answered = load.answered_at !== undefined || load.outcome === "expired" || load.outcome === "lapsed";
  const known = explanations.value.get(load.id);
  useEffect(() => {
    if (answered) wantExplanation(load.id);
  }, [load.id, answered]);
  if (!answered) return null;
  return (
    <section class="card why" aria-labelledby="why-title" data-testid="why">
      <h2 id="why-title">{say.title}</h2>
      {known ? (
        <>
          <Helps load={load} why={known} />
          {known.next && <Next load={load} next={known.next} />}
          <Found why={known} ended={load.state === "closed"} />
        </>
      ) : <div class="skeleton" />}
    </section>
  );
}

function Found({ why, ended }: { why: Explanation; ended: boolean }) {
  const { why: say, advice } = words();
  const counts = [...(why.counts ?? [])].filter((count) => count.n > 0).sort((a, b) => b.n - a.n);
  const most = Math.max(1, ...counts.map((count) => count.n));
  const hints = advise(why, advice);
  return (
    <>
      <p>{say.trips(why.trips)}</p>
      {counts.length > 0 && (
        <ul class="counts" data-testid="why-counts">
          {counts.map((count) => (
            <li key={count.reason} data-reason={count.reason} data-n={count.n}>
              <span>{reason(count.reason)}</span>
              <progress max={most} value={count.n} aria-hidden="true" />
              <b>{number(count.n)}</b>
            </li>
          ))}
        </ul>
      )}
      {why.nearest && <NearestTrip nearest={why.nearest} />}
      {why.parts !== undefined && why.parts > 1 && <p class="note warn" data-testid="why-parts">{say.parts(why.parts)}</p>}
      {!ended && (
        <>
          <p>{say.advice}</p>
          <ul class="hints">{hints.map((hint) => <li key={hint}>{hint}</li>)}</ul>
        </>
      )}
      <p class="soft">{ended || why.final ? say.final : say.still}</p>
    </>
  );
}

/** The one change that would match the load, and a way to make it. */
function Helps({ load, why }: { load: Load; why: Explanation }) {
  const { remedy: say } = words();
  const { remedy } = why;
  if (!remedy) return null;
  if (remedy.kind === "none") return <p class="note" data-testid="remedy" data-kind="none">{say.none}</p>;
  const fresh = Date.parse(why.at) - Date.parse(remedy.at) < 60_000;
  const own = mayPost.value && (!load.org || load.org.id === me.value?.org.id);
  const way = fresh && own && inForm(remedy) ? changeAt(load) : undefined;
  const fen = (remedy.price_fen ?? 0) + (remedy.beside_fen ?? 0);
  return (
    <p class="note good" data-testid="remedy" data-kind={remedy.kind}>
      <b>{(fresh ? say.now : say.then)(remedyText(remedy, pieceCount(load), words()))}</b>
      {fen > 0 && <span> · {say.price(money(fen))}</span>}
      {way && <> <a class="button" href={way} data-testid="apply-remedy">{say.apply}</a></>}
    </p>
  );
}

/** What the firm can do in any case: go alone, or ask its officer with one tap. */
function Next({ load, next }: { load: Load; next: NextStep }) {
  const { why: say } = words();
  const task = useTask();
  const { officer } = next;
  const own = mayPost.value && (!load.org || load.org.id === me.value?.org.id);
  const asked = ticketsOf(load.id).some(live);
  const ask = () => task.run(async (how) => {
    const body = { kind: "help", load_id: load.id, text: say.askText(load.goods) };
    tickets.put(await write<Ticket>(`ask:${load.id}`, "/v1/tickets", body, {}, how));
    toast(say.askedHim(officer?.name ?? ""), "good");
  });
  return (
    <div data-testid="next-step">
      <p>{say.alone(money(next.alone_fen), say.vehicles(next.vehicles, next.vehicle))}</p>
      {officer && (
        <p class="row wrap">
          <span>{say.officer(officer.name)}</span>
          {officer.phone && <Call phone={officer.phone} />}
          {own && !asked && load.state === "posted" && <button class="button main" aria-disabled={task.busy.value} onClick={() => void ask()} data-testid="ask-officer">{say.ask(officer.name)}</button>}
        </p>
      )}
      <TaskNote task={task} />
    </div>
  );
}

/** Where the form stands that makes the change; none where the load has gone another way. */
function changeAt(load: Load): string | undefined {
  if (load.state === "posted") return `/loads/${load.id}/edit?remedy=1`;
  return load.outcome === "expired" ? `/loads/${load.id}/repost?remedy=1` : undefined;
}

function NearestTrip({ nearest }: { nearest: NonNullable<Explanation["nearest"]> }) {
  const { why: say } = words();
  const trip = useSignal<Trip | undefined>(undefined);
  useEffect(() => {
    // The board names the towns of trips that are still open; for others the limit has to do.
    const stop = new AbortController();
    read<Page<Trip>>("/v1/board/trips?limit=200", { signal: stop.signal }).then(
      ({ items }) => (trip.value = items.find((one) => one.id === nearest.trip_id)),
      () => undefined,
    );
    return () => stop.abort();
  }, [nearest.trip_id]);
  const stops = trip.value?.stops ?? [];
  const [from, to] = [stops[0]?.place.town, stops[stops.length - 1]?.place.town];
  const by = amount(nearest.by, nearest.unit);
  return (
    <p class="nearest" data-testid="why-nearest" data-reason={nearest.reason}>
      <span class="soft">{say.nearest}</span>
      {from && to && <b>{say.nearestRoute(from, to)}</b>}
      <span>{by ? say.short(reason(nearest.reason), by) : reason(nearest.reason)}</span>
    </p>
  );
}

function advise(why: Explanation, advice: Words["advice"]): string[] {
  const met = new Set([why.nearest?.reason, ...(why.counts ?? []).map((count) => count.reason)]);
  const has = (...reasons: string[]) => reasons.some((one) => met.has(one));
  return [
    has("window_pickup", "window_delivery", "calendar", "rider_delay") && advice.window,
    ((why.parts ?? 0) > 1 || has("weight", "volume", "deck", "piece")) && advice.size,
    has("equipment") && advice.equipment,
    has("price") && advice.price,
    advice.wait,
  ].filter((text): text is string => typeof text === "string");
}
