import { useEffect } from "preact/hooks";
import { fareOf } from "../logic/fare";
import { money, when } from "../logic/format";
import { bookings, face, further, mayHaul, mayPost, missing, now, readOn, want } from "../logic/market";
import type { Booking } from "../logic/types";
import { BackLink, Countdown, Empty, Pill, Route, Split, TaskNote, useTask } from "../parts/basics";
import { doubts, goodsText } from "../parts/goods";
import { Later } from "../parts/later";
import { words } from "../words/words";
import { BookingPanel, bookingTone } from "./bookingpanel";

/** The deals of either side. */
export function Bookings({ id }: { id?: string | undefined }) {
  const { booking: say, common } = words();
  const rows = bookings.list();
  const more = useTask();
  return (
    <Split
      list={
        <section aria-labelledby="bookings-title">
          <h1 id="bookings-title" class="head">{say.list}</h1>
          {rows.length === 0 ? (
            <Empty title={say.empty} text={say.emptyText} />
          ) : (
            <ul class="rows" aria-live="polite" data-testid="booking-list">
              {rows.map((row) => <BookingRow key={row.id} booking={row} chosen={row.id === id} />)}
            </ul>
          )}
          {further.value["bookings"] && (
            <button class="button quiet" disabled={more.busy.value} onClick={() => more.run(() => readOn("bookings"))}>{common.more}</button>
          )}
          <TaskNote task={more} />
          <Later show={({ Statement }) => <Statement />} />
        </section>
      }
      detail={id && <Detail key={id} id={id} />}
    />
  );
}

function BookingRow({ booking, chosen }: { booking: Booking; chosen: boolean }) {
  const { booking: say } = words();
  const fare = fareOf(booking, face.value);
  const other = face.value === "enterprise" ? booking.carrier.name : booking.shipper.name;
  return (
    <li>
      <a
        href={`/bookings/${booking.id}`}
        class={`load-row ${chosen ? "chosen" : ""}`}
        {...(chosen && { "aria-current": "true" as const })}
        data-testid="booking-row"
        data-id={booking.id}
        data-state={booking.state}
      >
        <span class="row between">
          <Route from={booking.load.pickup.place.town} to={booking.load.delivery.place.town} />
          <Pill tone={bookingTone(booking)}>{goodsText(booking)}</Pill>
        </span>
        <span class="row between wrap soft">
          <span>{booking.load.goods} · {other}</span>
          <span>{say.standing[fare.standing]} <b class="ink">{money(fare.fen)}</b></span>
        </span>
        {booking.state === "held" && booking.hold_until && <span class="clock"><Countdown until={booking.hold_until} /> {words().offer.until(when(booking.hold_until, now.value))}</span>}
        {doubts(booking) && <span class="late" data-testid="row-doubt">{doubts(booking)}</span>}
        <span class="soft">{say.eta} {when(booking.pickup_eta, now.value)} → {when(booking.drop_eta, now.value)}</span>
      </a>
    </li>
  );
}

function Detail({ id }: { id: string }) {
  useEffect(() => want("bookings", id), [id]);
  const booking = bookings.get(id);
  return (
    <article>
      <BackLink to="/bookings" />
      {booking && <h1 class="head"><Route from={booking.load.pickup.place.town} to={booking.load.delivery.place.town} /></h1>}
      {booking ? <BookingPanel booking={booking} /> : missing.value.has(`bookings/${id}`)
        ? <p class="note bad">{words().common.notFound}</p>
        : <div class="skeleton" />}
      {booking && (mayPost.value || mayHaul.value) && <Later show={({ Ask }) => <Ask booking={id} />} />}
    </article>
  );
}
