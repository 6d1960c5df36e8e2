import { byStops } from "../logic/goods";
import { room, when } from "../logic/format";
import { bookings, mayHaul, now } from "../logic/market";
import type { Booking, Trip } from "../logic/types";
import { Call, Navigate, Pill } from "../parts/basics";
import { GoodsActs, goodsNow, goodsText, Steps, Troubles } from "../parts/goods";
import { words } from "../words/words";

const soon = 12 * 3_600_000;

/** What the driver of a trip tells of the goods on it, in the order of his stops. */
export function Haul({ trip }: { trip: Trip }) {
  const { goods: say } = words();
  const riders = bookings.list().filter((one) => one.trip_id === trip.id).map((booking) => ({ booking, goods: goodsNow(booking) }));
  const rows = byStops(riders, trip.plan ?? []);
  const leaves = Date.parse(trip.plan?.[0]?.leave_at ?? "");
  const begun = trip.state === "underway" || trip.state === "overdue" || trip.state === "stopped" || riders.some(({ goods }) => goods.steps.length > 0);
  if (!mayHaul.value || rows.length === 0 || !(begun || leaves - now.value < soon)) return null;
  return (
    <section class="card" aria-labelledby="haul-title" data-testid="haul">
      <h2 id="haul-title">{say.title}</h2>
      <p class="soft">{say.text}</p>
      <ol class="haul">
        {rows.map(({ booking }, i) => <Row key={booking.id} booking={booking} first={i === 0} />)}
      </ol>
    </section>
  );
}

/** One booking: where to, whom to call, and the button for what comes next. */
function Row({ booking, first }: { booking: Booking; first: boolean }) {
  const { goods: say, load: loadWords, booking: deal } = words();
  const goods = goodsNow(booking);
  const kind = goods.state === "firm" ? "pickup" : "delivery";
  const { place, contact } = booking.load[kind];
  const by = kind === "pickup" ? booking.pickup_by : booking.drop_by;
  return (
    <li data-testid="haul-row" data-id={booking.id} data-load={booking.load_id} data-state={goods.state}>
      <div class="row between wrap">
        <h3>{loadWords[kind]} <b>{place.town}</b> · {booking.load.goods}</h3>
        <Pill tone={goods.refused ? "warn" : "good"}>{goodsText(booking)}</Pill>
      </div>
      <p class="soft">{[place.address, room(booking.load.size), `${say.due} ${when(by, now.value)}`].filter(Boolean).join(" · ")}</p>
      <Troubles booking={booking} goods={goods} />
      <GoodsActs booking={booking} goods={goods} first={first} />
      <p class="row wrap">
        {contact?.phone && <Call phone={contact.phone} {...(contact.name && { name: contact.name })} />}
        <Navigate at={place} name={place.town} />
        <a class="button quiet" href={`/bookings/${booking.id}`}>{deal.seeDeal}</a>
      </p>
      <Steps goods={goods} />
    </li>
  );
}
