import { fareOf, isOver } from "../logic/fare";
import { between, money, percent, room, when } from "../logic/format";
import { bookings, face, mayPost, now, reread } from "../logic/market";
import { write } from "../logic/net";
import type { Booking, Stop } from "../logic/types";
import { At, Call, Countdown, Fact, Navigate, Pill, TaskNote, useTask } from "../parts/basics";
import { Firm } from "../parts/firm";
import { doubts, goodsNow, GoodsPart, goodsText } from "../parts/goods";
import { Later } from "../parts/later";
import { word, words } from "../words/words";
import { TruckNow } from "./track";

/** How a booking looks in a list: ended, waiting for somebody, or as agreed. */
export const bookingTone = (booking: Booking) =>
  isOver(booking) ? "quiet" : booking.state === "held" || doubts(booking) || goodsNow(booking).refused ? "warn" : "good";

/** A deal as both sides see it: price, saving, stops with contacts, the truck. */
export function BookingPanel({ booking }: { booking: Booking }) {
  const { booking: say, colours, types, load: loadWords } = words();
  const { load, trip, shipper, carrier } = booking;
  const ended = isOver(booking);
  const fare = fareOf(booking, face.value);
  const { vehicle } = trip;
  return (
    <section class="card deal" aria-label={say.title} data-testid="booking-panel" data-id={booking.id} data-state={booking.state}>
      <div class="row between wrap">
        <h2>{say.title}</h2>
        <Pill tone={bookingTone(booking)}>{goodsText(booking)}</Pill>
      </div>
      {booking.state === "held" && <Held booking={booking} />}
      <GoodsPart booking={booking} />
      <dl class="price">
        <div><dt>{say.standing[fare.standing]}</dt><dd class="big" data-testid="booking-price" data-fen={fare.fen} data-standing={fare.standing}>{money(fare.fen)}</dd></div>
        <div><dt>{say.alone}</dt><dd data-testid="booking-alone" data-fen={booking.alone_fen}><s aria-hidden="true">{money(booking.alone_fen)}</s><span class="unseen">{money(booking.alone_fen)}</span></dd></div>
        {fare.saved !== undefined && (
          <div><dt>{say.saved}</dt><dd class="saved"><span data-testid="booking-saved" data-fen={fare.saved}>{money(fare.saved)}</span> <small>{percent(fare.saved, booking.alone_fen)}</small></dd></div>
        )}
      </dl>
      {fare.most !== undefined && <p class="soft" data-testid="booking-most" data-fen={fare.most}>{say.most(money(fare.most))}</p>}
      {booking.state === "released" && <p class="note">{booking.ended_by ? `${word(say.endedBy, booking.hold_until && booking.ended_by === "exchange" ? "slept" : booking.ended_by)} ${say.masked}` : say.masked}</p>}
      <dl class="facts">
        <Fact term={say.toCarrier}>{face.value === "desk" && money(booking.price_fen)}</Fact>
        <Fact term={say.fee}>{booking.fee_fen && <span data-testid="booking-fee" data-fen={booking.fee_fen}>{money(booking.fee_fen)} · {say.feeBy[booking.fee_by ?? "shipper"]}</span>}</Fact>
        <Fact term={say.shipper}><span data-testid="booking-shipper"><Firm of={shipper} /></span></Fact>
        <Fact term={say.carrier}><span data-testid="booking-carrier"><Firm of={carrier} /></span></Fact>
        <Fact term={say.vehicle}>
          <span data-testid="booking-vehicle">{[vehicle.plate?.number, word(colours, vehicle.plate?.colour), word(types, vehicle.type)].filter(Boolean).join(" · ")}</span>
        </Fact>
        <Fact term={loadWords.goods}>{load.goods} · {room(load.size)}</Fact>
        <Fact term={loadWords.ref}>{load.ref}</Fact>
      </dl>
      {!ended && booking.state !== "held" && <Later show={({ Shares }) => <Shares booking={booking} />} />}
      <ol class="stops">
        <Side kind="pickup" stop={load.pickup} eta={booking.pickup_eta} by={booking.pickup_by} />
        <Side kind="delivery" stop={load.delivery} eta={booking.drop_eta} by={booking.drop_by} />
      </ol>
      {(booking.state === "firm" || booking.state === "aboard") && face.value !== "carrier" && <TruckNow booking={booking} />}
      <p class="row wrap">
        {face.value === "enterprise" && <a href={`/loads/${booking.load_id}`}>{say.load}</a>}
        {face.value === "carrier" && <a href={`/trips/${booking.trip_id}`}>{say.trip}</a>}
      </p>
    </section>
  );
}

/** A booking whose shipper looks first: it says yes or no, the operator sees how long it has. */
function Held({ booking }: { booking: Booking }) {
  const { booking: say } = words();
  const task = useTask();
  const until = booking.hold_until ?? "";
  const busy = task.busy.value || Date.parse(until) < now.value;
  const send = (act: "confirm" | "refuse") =>
    void task.run(async (how) => {
      try {
        bookings.put(await write<Booking>(`${act}:${booking.id}`, `/v1/bookings/${encodeURIComponent(booking.id)}/${act}`, { version: booking.version }, {}, how));
      } catch (error) {
        reread(`bookings/${booking.id}`);
        throw error;
      }
    });
  return (
    <>
      <p class="note warn" role="status">
        {mayPost.value ? say.lookFirst : say.waitsForShipper} <Countdown until={until} /> {words().offer.until(when(until, now.value))}
      </p>
      <TaskNote task={task} />
      {mayPost.value && (
        <div class="answer">
          <button class="button big quiet" aria-disabled={busy} onClick={() => !busy && send("refuse")} data-testid="refuse-booking">{say.refuse}</button>
          <button class="button big main" aria-disabled={busy} onClick={() => !busy && send("confirm")} data-testid="confirm-booking">{say.confirm(money(booking.most_fen ?? booking.share_fen))}</button>
        </div>
      )}
    </>
  );
}

function Side({ kind, stop, eta, by }: { kind: "pickup" | "delivery"; stop: Stop; eta: string; by: string }) {
  const { booking: say, load } = words();
  const { contact, place, window } = stop;
  const phone = contact?.phone;
  return (
    <li class={kind} data-testid={`booking-${kind}`}>
      <h3>{load[kind]} <b>{place.town}</b></h3>
      {place.address && <p data-testid={`booking-${kind}-address`}>{place.address}</p>}
      {(place.address || phone) && face.value === "carrier" && <Navigate at={place} name={place.town} />}
      <p class="soft">{say.eta} <At time={eta} /> · {kind === "pickup" ? say.pickupBy : say.dropBy} {when(by, now.value)}</p>
      <p class="soft">{load.window} {between(window, now.value)}</p>
      {(contact?.name || phone) && (
        <p data-testid={`booking-${kind}-contact`}>
          {contact?.name}{" "}
          {phone && <Call phone={phone} {...(contact?.name && { name: contact.name })} />}
        </p>
      )}
    </li>
  );
}
