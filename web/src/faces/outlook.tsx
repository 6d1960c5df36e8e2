import { useEffect } from "preact/hooks";
import { amount, money, number } from "../logic/format";
import { mayHaul, outlooks, reason, wantOutlook } from "../logic/market";
import { tripChangeAt, tripRemedyText, type TripChange } from "../logic/tripremedy";
import type { Trip, TripExplanation } from "../logic/types";
import { words } from "../words/words";

/** Why a trip has no loads: what was looked at, what came nearest, what would help. */
export function Outlook({ trip }: { trip: Trip }) {
  const { outlook: say } = words();
  const told = trip.answered_at !== undefined && !(trip.plan ?? []).some((call) => call.load_id);
  const why = outlooks.value.get(trip.id);
  useEffect(() => {
    if (told) wantOutlook(trip.id);
  }, [trip.id, told]);
  if (!told) return null;
  return (
    <section class="card why" aria-labelledby="outlook-title" data-testid="outlook">
      <h2 id="outlook-title">{say.title}</h2>
      {why ? (
        <>
          <Helps trip={trip} why={why} />
          <Found why={why} />
          {trip.state === "open" && <p class="soft">{say.still}</p>}
        </>
      ) : <div class="skeleton" />}
    </section>
  );
}

function Found({ why }: { why: TripExplanation }) {
  const { outlook: say, why: said } = words();
  const counts = [...why.counts].filter((count) => count.n > 0).sort((a, b) => b.n - a.n);
  const most = Math.max(1, ...counts.map((count) => count.n));
  const by = why.nearest && amount(why.nearest.by, why.nearest.unit);
  return (
    <>
      <p>{say.loads(why.loads)}</p>
      {counts.length > 0 && (
        <ul class="counts" data-testid="outlook-counts">
          {counts.map((count) => (
            <li key={count.reason} data-reason={count.reason} data-n={count.n}>
              <span>{reason(count.reason)}</span>
              <progress max={most} value={count.n} aria-hidden="true" />
              <b>{number(count.n)}</b>
            </li>
          ))}
        </ul>
      )}
      {why.nearest && (
        <p class="nearest" data-testid="outlook-nearest" data-reason={why.nearest.reason}>
          <span class="soft">{say.nearest}</span>
          <span>{by && why.nearest.by > 0 ? said.short(reason(why.nearest.reason), by) : reason(why.nearest.reason)}</span>
        </p>
      )}
    </>
  );
}

/** The one change that would win a load, and a way to make it. */
function Helps({ trip, why }: { trip: Trip; why: TripExplanation }) {
  const { outlook: say } = words();
  const { remedy } = why;
  if (!remedy) return null;
  if (remedy.kind === "none") return <p class="note" data-testid="outlook-remedy" data-kind="none">{say.none}</p>;
  const way = mayHaul.value ? tripChangeAt(trip) : undefined;
  return (
    <p class="note good" data-testid="outlook-remedy" data-kind={remedy.kind}>
      <b>{(trip.state === "open" ? say.now : say.then)(tripRemedyText(remedy as TripChange, words()))}</b>
      {(remedy.price_fen ?? 0) > 0 && <span> · {say.price(money(remedy.price_fen ?? 0))}</span>}
      {way && <> <a class="button" href={way} data-testid="apply-outlook">{say.apply}</a></>}
    </p>
  );
}
