import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { answers } from "../logic/answer";
import { between, km, money, room, span, when } from "../logic/format";
import { asked, isOpen, priceNow } from "../logic/haggle";
import { gather } from "../logic/bundle";
import { bookings, bundles, mayHaul, now, offers, trips } from "../logic/market";
import { place } from "../logic/router";
import type { Offer } from "../logic/types";
import { Answer, Clock, Table } from "../parts/bargain";
import { useSeen } from "../parts/seen";
import { BundleCard } from "../parts/bundle";
import { At, Empty, Fact, Route } from "../parts/basics";
import { careText } from "../parts/care";
import { Firm } from "../parts/firm";
import { word, words } from "../words/words";

/** Offers that ended while they were on screen and were put away since. */
const dismissed = signal<ReadonlySet<string>>(new Set());

/** How many offers wait for the operator's answer. */
export function waitingOffers(): number {
  return offers.list().filter((offer) => isOpen(offer) && asked(offer) === "carrier").length;
}

function dismissEnded(): void {
  const over = offers.list().filter((offer) => !isOpen(offer)).map((offer) => offer.id);
  dismissed.value = new Set([...dismissed.peek(), ...over]);
}

/**
 * The offers before an operator, oldest first, so that a new one never moves another
 * from under a thumb. One that ends stays in its place, with the reason, until the
 * operator puts it away or leaves.
 */
export function Offers() {
  const { offer: say, trip } = words();
  const shown = offers.list().filter((offer) => isOpen(offer) || !dismissed.value.has(offer.id)).reverse();
  const items = gather(shown, bundles.list(), (id) => offers.get(id));
  const over = shown.filter((offer) => !isOpen(offer)).length;
  useEffect(() => dismissEnded, []);
  const show = place.value.query.get("show");
  useEffect(() => {
    const card = show ? document.getElementById(show) : null;
    card?.scrollIntoView({ block: "center" });
    card?.focus({ preventScroll: true });
  }, [show, shown.some((offer) => offer.id === show)]);
  return (
    <section aria-labelledby="offers-title">
      <div class="row between head">
        <h1 id="offers-title">{say.list}{waitingOffers() > 0 && ` · ${waitingOffers()}`}</h1>
        {mayHaul.value && <a class="button" href="/trips/new" data-testid="post-trip">{trip.post}</a>}
      </div>
      <p class="unseen" role="status">{say.waiting(waitingOffers())}</p>
      {shown.length === 0 && (
        <Empty title={say.empty} text={say.emptyText}>
          {mayHaul.value && <a class="button main" href="/trips/new">{say.emptyAction}</a>}
          <a href="/standing" data-testid="see-standing">{words().trust.open}</a>
        </Empty>
      )}
      <ul class="offers" aria-live="polite" aria-relevant="additions" data-testid="offer-list">
        {items.map((item) =>
          "offer" in item ? <li key={item.offer.id}><OfferCard offer={item.offer} /></li> : <li key={item.bundle.id}><BundleCard {...item} /></li>,
        )}
      </ul>
      {over > 1 && <button class="button quiet" onClick={dismissEnded} data-testid="dismiss-ended">{say.dismissAll(over)}</button>}
    </section>
  );
}

/** Whether the terms changed since the card appeared. */
function useRepriced(offer: Offer): boolean {
  const first = useRef(`${offer.price_fen} ${offer.pickup_eta} ${offer.drop_eta}`);
  return isOpen(offer) && first.current !== `${offer.price_fen} ${offer.pickup_eta} ${offer.drop_eta}`;
}

/** The load that an offer reckons with as aboard: another offer stands for it. */
function upon(offer: Offer): string | undefined {
  if (!offer.after_id) return undefined;
  const before = offers.get(offer.after_id);
  const { offer: say } = words();
  if (!before) return say.uponOther;
  return say.uponLoad(before.load.goods, before.load.pickup.town, before.load.delivery.town);
}

function OfferCard({ offer }: { offer: Offer }) {
  const { offer: say, needs, load: loadWords } = words();
  const card = useSeen<HTMLElement>(offer);
  const repriced = useRepriced(offer);
  const { pickup, delivery, size, goods } = offer.load;
  const trip = trips.get(offer.trip_id);
  const open = isOpen(offer);
  return (
    <article
      ref={card}
      id={offer.id}
      class={`card offer ${open ? "" : "ended"}`}
      tabIndex={-1}
      aria-label={`${pickup.town} → ${delivery.town}`}
      data-testid="offer-card"
      data-id={offer.id}
      data-load={offer.load_id}
      data-state={offer.state}
    >
      <div class="row between">
        <h2><Route from={pickup.town} to={delivery.town} /></h2>
        {open && <Clock offer={offer} />}
      </div>
      <div class="row between wrap">
        <span class="figure" data-testid="offer-price" data-fen={priceNow(offer)}>{money(priceNow(offer))}</span>
        <span class="extra" data-testid="offer-detour">
          {offer.detour.metres < 500 && offer.detour.seconds < 60 ? say.noDetour : say.extra(km(offer.detour.metres), span(offer.detour.seconds))}
        </span>
      </div>
      {open && offer.sole && <p class="note" data-testid="sole">{say.sole(when(offer.expires_at, now.value))}</p>}
      {repriced && <p class="note warn" role="status">{say.repriced}</p>}
      <Table offer={offer} />
      <p><b>{goods}</b> · {room(size)}</p>
      <dl class="facts">
        <Fact term={say.pickup}>{between(pickup.window, now.value)}<span class="line soft">{say.eta} <At time={offer.pickup_eta} /></span></Fact>
        <Fact term={say.delivery}>{between(delivery.window, now.value)}<span class="line soft">{say.eta} <At time={offer.drop_eta} /></span></Fact>
        <Fact term={loadWords.needs}>{(offer.load.needs ?? []).map((need) => word(needs, need)).join(" · ")}</Fact>
        <Fact term={words().care.title}>{careText(offer.load)}</Fact>
        <Fact term={say.shipper}><Firm of={offer.shipper} />{offer.load.hold && <span class="line soft">{loadWords.looksFirst}</span>}</Fact>
        <Fact term={say.upon}>{upon(offer)}</Fact>
        <Fact term={say.forTrip}>{trip && <a href={`/trips/${trip.id}`}>{trip.vehicle.plate?.number}</a>}</Fact>
      </dl>
      {open && mayHaul.value ? <Answer offer={offer} /> : <Ended offer={offer} />}
    </article>
  );
}

function Ended({ offer }: { offer: Offer }) {
  const { offer: say } = words();
  const box = useRef<HTMLDivElement>(null);
  const booking = answers.value.get(offer.id)?.booking ?? bookings.list().find((one) => one.offer_id === offer.id)?.id;
  const elsewhere = offer.state === "superseded" && bookings.list().some((one) => one.load_id === offer.load_id && one.trip_id !== offer.trip_id);
  useEffect(() => {
    // The button that had the focus is gone: its card keeps it.
    if (document.activeElement === document.body) box.current?.closest("article")?.focus({ preventScroll: true });
  }, []);
  if (isOpen(offer)) return null;
  return (
    <div ref={box} class="row between wrap ended-row">
      <b role="status" data-testid="offer-ended">{word(say.ended, elsewhere ? "elsewhere" : offer.state)}</b>
      <span class="row">
        {booking && <a class="button main" href={`/bookings/${booking}`} data-testid="see-booking">{say.see}</a>}
        <button class="button quiet" onClick={() => (dismissed.value = new Set([...dismissed.peek(), offer.id]))}>{say.dismiss}</button>
      </span>
    </div>
  );
}
