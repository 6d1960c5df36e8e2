import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { between, km, money, number, room, span, when } from "../logic/format";
import { priceNow } from "../logic/haggle";
import { answerClock, openOffers, standing, standingText, tone, waitsForShipper } from "../logic/loadstatus";
import { bookings, face, loads, mayPost, me, missing, now, reread, want } from "../logic/market";
import { write } from "../logic/net";
import { toast } from "../logic/toast";
import type { Load, Piece, Stop } from "../logic/types";
import { RouteMap } from "../parts/route";
import { Answer, Clock, Table } from "../parts/bargain";
import { At, BackLink, Call, Confirm, Fact, Pill, Route, TaskNote, useTask } from "../parts/basics";
import { careText } from "../parts/care";
import { Firm } from "../parts/firm";
import { Later } from "../parts/later";
import { StillTrue } from "../parts/still";
import { words } from "../words/words";
import { BookingPanel } from "./bookingpanel";
import { Why } from "./why";

/** Everything about one load, and what its owner can do with it. */
export function LoadDetail({ id, back }: { id: string; back: string }) {
  const load = loads.get(id);
  useEffect(() => want("loads", id), [id]);
  if (!load) {
    return missing.value.has(`loads/${id}`)
      ? <div><BackLink to={back} /><p class="note bad">{words().common.notFound}</p></div>
      : <div class="skeleton" />;
  }
  return <Detail load={load} back={back} />;
}

function Detail({ load, back }: { load: Load; back: string }) {
  const { load: say } = words();
  const state = standing(load);
  const answer = answerClock(load);
  const carried = load.outcome === "delivered" || load.outcome === "failed";
  const booked = (load.state === "committed" || carried) && load.booking_id;
  useEffect(() => {
    if (booked) want("bookings", booked);
  }, [booked]);
  const booking = booked ? bookings.get(booked) : undefined;
  return (
    <article data-testid="load-detail" data-id={load.id} data-state={state}>
      <BackLink to={back} />
      <div class="row between wrap head">
        <h1><Route from={load.pickup.place.town} to={load.delivery.place.town} /></h1>
        <Pill tone={tone(state)}><span role="status">{standingText(load)}</span></Pill>
      </div>
      {answer && <p class={answer.late ? "late" : "soft"}>{answer.text}</p>}
      {booking && <BookingPanel booking={booking} />}
      <StillTrue kind="loads" of={load} lapsed={load.outcome === "lapsed"} put={(next) => loads.put(next)} />
      <Asked load={load} />
      {!booked && (load.late_s ?? 0) > 0 && <p class="note warn" data-testid="too-short">{say.tooShort(span(load.late_s ?? 0))}</p>}
      {!booked && <Why load={load} />}
      <Later show={({ LoadTickets }) => <LoadTickets load={load} />} />
      <section class="card">
        <h2>{load.goods}</h2>
        <LoadMap load={load} />
        <dl class="facts">
          {face.value === "desk" && <Fact term={words().desk.who}><Firm of={load.org} />{load.org && <a class="line" href={`/acts?firm=${load.org.id}`}>{words().acts.ofFirm}</a>}</Fact>}
          <Fact term={say.ref}>{load.ref}</Fact>
          <Fact term={say.size}>{room(load.size)}</Fact>
          <Fact term={say.pickup}><StopText stop={load.pickup} /></Fact>
          <Fact term={say.delivery}><StopText stop={load.delivery} /></Fact>
          <Fact term={say.needs}>{(load.needs ?? []).map((need) => words().needs[need] ?? need).join(" · ")}</Fact>
          <Fact term={words().care.title}>{careText(load)}</Fact>
          <Fact term={say.ceilingShort}>{load.ceiling_fen ? money(load.ceiling_fen) : ""}</Fact>
          <Fact term={say.alone}>{load.alone_fen ? money(load.alone_fen) : ""}</Fact>
          <Fact term={say.direct}>{load.direct ? `${km(load.direct.metres)} · ${span(load.direct.seconds)}` : ""}</Fact>
          <Fact term={say.answerBy}>{when(load.answer_by, now.value)}</Fact>
          <Fact term={say.postedAt}>{when(load.posted_at, now.value)}</Fact>
        </dl>
        {(load.size.pieces?.length ?? 0) > 0 && <Pieces pieces={load.size.pieces ?? []} />}
        {load.direct && <p class="hint">{say.measured(load.direct.method ?? "", load.direct.version ?? "")}</p>}
      </section>
      <Actions load={load} />
      {face.value !== "carrier" && <Later show={({ LoadActs }) => <LoadActs load={load} />} />}
    </article>
  );
}

function LoadMap({ load }: { load: Load }) {
  const { load: say } = words();
  const ends = [load.pickup.place, load.delivery.place];
  const marks = ends.map(({ lat, lng, town }, i) => ({ lat, lng, kind: "with", text: `${i === 0 ? say.pickup : say.delivery} ${town}` }));
  return <RouteMap testid="load-map" ways={[{ kind: "with", through: ends.map(({ lat, lng }) => ({ lat, lng })) }]} marks={marks} />;
}

function Asked({ load }: { load: Load }) {
  const { load: say, offer: ask } = words();
  const asked = openOffers(load);
  if (asked.length === 0) return null;
  const mine = mayPost.value && (!load.org || load.org.id === me.value?.org.id);
  return (
    <section class="card" aria-labelledby="asked-title">
      <h2 id="asked-title">{say.openOffers}</h2>
      <ul class="asked" aria-live="polite" aria-relevant="additions" data-testid="asked-list">
        {asked.map((offer) => (
          <li key={offer.id} tabIndex={-1} aria-label={offer.carrier?.name} data-testid="asked-offer" data-id={offer.id} data-state={offer.state}>
            <span><Firm of={offer.carrier} /></span>
            <b>{money(priceNow(offer))}</b>
            <span class="soft">{ask.pickup} {ask.eta} <At time={offer.pickup_eta} /></span>
            <Clock offer={offer} />
            <Table offer={offer} />
            {mine && waitsForShipper(offer) && <Answer offer={offer} ceiling={load.ceiling_fen} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function StopText({ stop }: { stop: Stop }) {
  const { contact, place, window } = stop;
  return (
    <>
      <span>{between(window, now.value)}</span>
      {place.address && <span class="line">{place.address}</span>}
      {(contact?.name || contact?.phone) && (
        <span class="line">{contact.name} {contact.phone && <Call phone={contact.phone} {...(contact.name && { name: contact.name })} />}</span>
      )}
    </>
  );
}

function Pieces({ pieces }: { pieces: Piece[] }) {
  const { load: say } = words();
  return (
    <div class="scroll">
      <table class="pieces">
        <thead>
          <tr><th>{say.count}</th><th>{say.length}</th><th>{say.width}</th><th>{say.height}</th><th>{say.each}</th></tr>
        </thead>
        <tbody>
          {pieces.map((piece, i) => (
            <tr key={i}>
              <td>{number(piece.count)}</td>
              <td>{number(piece.length_m, 3)}</td>
              <td>{number(piece.width_m, 3)}</td>
              <td>{number(piece.height_m, 3)}</td>
              <td>{piece.kg ? number(piece.kg, 3) : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Actions({ load }: { load: Load }) {
  const { load: say, common } = words();
  const asking = useSignal(false);
  const task = useTask();
  const own = mayPost.value && (!load.org || load.org.id === me.value?.org.id);
  if (!own) return null;
  const withdraw = () =>
    task.run(async (how) => {
      try {
        loads.put(await write<Load>(`withdraw:${load.id}`, `/v1/loads/${encodeURIComponent(load.id)}/withdraw`, {}, { ifMatch: load.version }, how));
        toast(say.withdrawn);
      } catch (error) {
        reread(`loads/${load.id}`);
        throw error;
      }
    });
  const live = load.state === "posted" || load.state === "committed";
  const mayRepost = load.outcome === "withdrawn" || load.outcome === "expired" || load.outcome === "lapsed";
  return (
    <div class="actions">
      <TaskNote task={task} />
      <div class="row wrap">
        <a class="button" href={`/loads/new?like=${load.id}`} data-testid="again-load">{say.again}</a>
        {load.state === "posted" && <a class="button" href={`/loads/${load.id}/edit`} data-testid="edit-load">{common.edit}</a>}
        {mayRepost && <a class="button main" href={`/loads/${load.id}/repost`} data-testid="repost-load">{say.repost}</a>}
        {live && (
          <button class="button bad-quiet" disabled={task.busy.value} onClick={() => (asking.value = true)} data-testid="withdraw-load">{say.withdraw}</button>
        )}
      </div>
      {asking.value && (
        <Confirm
          title={say.withdrawAsk}
          text={load.state === "committed" ? say.withdrawBooked : say.withdrawText}
          yes={say.withdraw}
          onYes={() => void withdraw()}
          onClose={() => (asking.value = false)}
        />
      )}
    </div>
  );
}

