import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { briefs, live, liveTickets, readBriefs, readRoster, readTickets, roster, tickets, ticketsOf } from "../logic/desk";
import { money, number, when } from "../logic/format";
import { face, loads, mayHaul, mayPost, me, now, reason, want } from "../logic/market";
import { write } from "../logic/net";
import { place } from "../logic/router";
import { toast } from "../logic/toast";
import type { Load, OfficeHours, Officer, Ticket, TicketEntry } from "../logic/types";
import { At, Call, Countdown, Empty, Fact, Pill, Route, TaskNote, useTask } from "../parts/basics";
import { Hours, hoursText } from "../parts/hours";
import { word, words } from "../words/words";

type Whose = "mine" | "firms" | "all";

const officerHere = () => face.value === "desk" && ["owner", "officer"].includes(me.value?.role ?? "");

/** The desk's queue, late ones first; for a firm what it has asked. */
export function Tickets() {
  const { ticket: say } = words();
  const task = useTask();
  const desk = face.value === "desk";
  const whose = useSignal<Whose>("mine");
  useEffect(() => void task.run(async () => {
    await Promise.all(desk ? [readTickets(), readRoster(), readBriefs()] : [readTickets()]);
  }), [desk]);
  const show = place.value.query.get("show");
  const mine = roster.value?.officers.find((one) => one.user === me.value?.user.id);
  const all = liveTickets.value;
  const rows = desk ? all.filter((ticket) => belongs(ticket, whose.value, mine)) : all;
  useEffect(() => {
    if (show) document.getElementById(show)?.scrollIntoView({ block: "center" });
  }, [show, rows.length > 0]);
  return (
    <section aria-labelledby="tickets-title" data-testid="tickets">
      <h1 id="tickets-title" class="head">{desk ? say.queue : say.list}</h1>
      <p class="soft">{desk ? say.queueText : say.listText}</p>
      <TaskNote task={task} />
      {desk && <Choice whose={whose.value} onWhose={(next) => (whose.value = next)} all={all} mine={mine} />}
      {!desk && (mayPost.value || mayHaul.value) && <Ask />}
      {rows.length === 0 && !task.busy.value && <Empty title={say.empty} />}
      <ul class="offers" aria-live="polite" aria-relevant="additions">
        {rows.map((ticket) => <li key={ticket.id}><Card ticket={ticket} /></li>)}
      </ul>
      {desk && <Days />}
      {desk && <Duty mine={mine} />}
    </section>
  );
}

function belongs(ticket: Ticket, whose: Whose, mine: Officer | undefined): boolean {
  if (whose === "mine") return ticket.owner.id === me.value?.user.id && ticket.state !== "done";
  return whose === "all" || (mine?.firms.includes(ticket.org.id) ?? false);
}

function Choice({ whose, onWhose, all, mine }: { whose: Whose; onWhose: (next: Whose) => void; all: Ticket[]; mine: Officer | undefined }) {
  const { ticket: say } = words();
  return (
    <fieldset class="row wrap" role="radiogroup" aria-label={say.whose}>
      {(["mine", "firms", "all"] as const).map((one) => (
        <label key={one} class="button">
          <input type="radio" name="whose" checked={whose === one} onChange={() => onWhose(one)} data-testid={`whose-${one}`} />
          {" "}{say.of[one]} {number(all.filter((ticket) => belongs(ticket, one, mine)).length)}
        </label>
      ))}
    </fieldset>
  );
}

/** Who answers for a load, until when, and what its firm can say to him. */
export function LoadTickets({ load }: { load: Load }) {
  const task = useTask();
  useEffect(() => void task.run(() => readTickets(load.id)), [load.id]);
  const rows = ticketsOf(load.id);
  const own = (mayPost.value && (!load.org || load.org.id === me.value?.org.id));
  return (
    <section aria-live="polite" data-testid="load-tickets">
      <TaskNote task={task} />
      {rows.map((ticket) => <Card key={ticket.id} ticket={ticket} bare />)}
      {own && !rows.some(live) && <Ask load={load.id} />}
    </section>
  );
}

/** A call for help. */
export function Ask({ load, booking }: { load?: string; booking?: string }) {
  const { ticket: say, common } = words();
  const open = useSignal(false);
  const text = useSignal("");
  const task = useTask();
  const ask = () => task.run(async (how) => {
    const about = { ...(load && { load_id: load }), ...(booking && { booking_id: booking }) };
    const body = { kind: booking ? "dispute" : "help", ...about, text: text.value.trim() };
    tickets.put(await write<Ticket>(`ask:${load ?? booking ?? ""}`, "/v1/tickets", body, {}, how));
    text.value = "";
    open.value = false;
    toast(say.asked, "good");
  });
  if (!open.value) return <p><button class="button" onClick={() => (open.value = true)} data-testid="ask-desk">{booking ? say.disputeDesk : say.askDesk}</button></p>;
  const busy = task.busy.value || text.value.trim() === "";
  return (
    <form class="card" onSubmit={(event) => { event.preventDefault(); if (!busy) void ask(); }}>
      <label class="field">{say.what}
        <textarea rows={3} maxLength={2000} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} data-testid="ask-text" />
      </label>
      <TaskNote task={task} />
      <div class="row wrap">
        <button type="button" class="button" onClick={() => (open.value = false)}>{common.cancel}</button>
        <button class="button main" aria-disabled={busy} data-testid="ask-send">{say.send}</button>
      </div>
    </form>
  );
}

function Card({ ticket, bare }: { ticket: Ticket; bare?: boolean }) {
  const { ticket: say } = words();
  useEffect(() => {
    if (ticket.load_id && face.value !== "carrier" && !bare) want("loads", ticket.load_id);
  }, [ticket.load_id]);
  const load = ticket.load_id ? loads.get(ticket.load_id) : undefined;
  const room = face.value === "desk" ? "desk" : "loads";
  const tone = ticket.late_at ? "bad" : ticket.state === "closed" ? "quiet" : ticket.state === "done" ? "good" : "warn";
  return (
    <article id={ticket.id} class="card offer" tabIndex={-1} data-testid="ticket-card" data-id={ticket.id} data-state={ticket.state} data-owner={ticket.owner.id}>
      <div class="row between wrap">
        <h2>{word(say.kinds, ticket.kind)}{load && !bare && <> · <a href={`/${room}/${load.id}`}><Route from={load.pickup.place.town} to={load.delivery.place.town} /></a></>}</h2>
        <Pill tone={tone}>{ticket.late_at ? say.late : word(say.states, ticket.state)}</Pill>
        {live(ticket) && ticket.due_at && !ticket.late_at && <span class="clock"><Countdown until={ticket.due_at} /></span>}
      </div>
      <dl class="facts">
        {(face.value === "desk" || ticket.other) && <Fact term={words().desk.who}>{ticket.org.name}{ticket.other && ` · ${ticket.other.name}`}</Fact>}
        {ticket.short_fen !== undefined && <Fact term={say.kinds.short}>{say.shortOf(money(ticket.short_fen), money(ticket.gets_fen ?? 0))}</Fact>}
        <Fact term={say.owner}>
          <span data-testid="ticket-owner">{ticket.owner.name}{ticket.rung !== "owner" && ` (${say.rungs[ticket.rung]})`}</span>
          {ticket.owner.phone && face.value !== "desk" && <> <Call phone={ticket.owner.phone} name={ticket.owner.name} /></>}
        </Fact>
        <Fact term={ticket.state === "done" ? say.wordBy : say.actBy}>{live(ticket) && ticket.due_at && <At time={ticket.due_at} />}</Fact>
        <Fact term={say.what}>{ticket.text}</Fact>
        <Fact term={words().booking.deal}>{ticket.booking_id && <a href={`/bookings/${ticket.booking_id}`} data-testid="ticket-deal">{words().booking.seeDeal}</a>}</Fact>
        <Fact term={say.because}>{ticket.cause && say.causes[ticket.cause]}</Fact>
        <Fact term={words().desk.reason}>{ticket.counts.length > 0 && ticket.counts.slice(0, 3).map((one) => `${reason(one.reason)} ${number(one.n)}`).join(" · ")}</Fact>
      </dl>
      <details>
        <summary>{say.log(ticket.log.length)}</summary>
        <ol data-testid="ticket-log">{ticket.log.map((entry, i) => <Entry key={i} entry={entry} />)}</ol>
      </details>
      {live(ticket) && <Acts ticket={ticket} />}
    </article>
  );
}

function Entry({ entry }: { entry: TicketEntry }) {
  const { ticket: say } = words();
  return (
    <li>
      {when(entry.at, now.value)} · {entry.side === "desk" ? entry.by : say.sides[entry.side]} {word(say.events, entry.event)}
      {["ask", "take", "hand_over", "escalate", "stand_in", "reopen"].includes(entry.event) && ` → ${entry.owner.name}`}
      {entry.text && <span class="line">{entry.text}</span>}
    </li>
  );
}

/** What the reader can do about a ticket now. */
function Acts({ ticket }: { ticket: Ticket }) {
  const { ticket: say } = words();
  const text = useSignal("");
  const task = useTask();
  const mine = ticket.owner.id === me.value?.user.id;
  const working = ticket.state !== "done";
  const firm = face.value !== "desk" && (mayPost.value || mayHaul.value);
  const officer = officerHere() && (roster.value?.officers.some((one) => one.user === me.value?.user.id) ?? false);
  const asker = firm && ticket.org.id === me.value?.org.id;
  if (!firm && !officer) return null;
  const act = (name: string, body: object) => task.run(async (how) => {
    const path = `/v1/tickets/${encodeURIComponent(ticket.id)}/${name}`;
    tickets.put(await write<Ticket>(`${name}:${ticket.id}`, path, { ...body, version: ticket.version }, {}, how));
    text.value = "";
  });
  const said = text.value.trim();
  const button = (name: string, label: string, wants: boolean, main = false) => {
    const busy = task.busy.value || (wants && said === "");
    return (
      <button class={`button ${main ? "main" : ""}`} aria-disabled={busy} data-testid={`ticket-${name}`}
        onClick={() => !busy && void act(name, said === "" ? {} : { text: said })}>{label}</button>
    );
  };
  return (
    <>
      <label class="field">{say.words}
        <textarea rows={2} maxLength={2000} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} data-testid="ticket-text" />
      </label>
      <TaskNote task={task} />
      <div class="row wrap">
        {officer && working && !(mine && ticket.state === "taken") && button("take", say.take, false, !mine || ticket.state === "open")}
        {officer && working && mine && button("finish", say.finish, true, ticket.state === "taken")}
        {asker && button("confirm", ticket.state === "done" ? say.confirm : say.withdraw, false, !working)}
        {asker && !working && button("reopen", say.reopen, true)}
        {button("note", say.note, true)}
      </div>
      {officer && working && <HandOver ticket={ticket} busy={task.busy.value} onTo={(to) => void act("hand-over", { to, ...(said && { text: said }) })} />}
    </>
  );
}

function HandOver({ ticket, busy, onTo }: { ticket: Ticket; busy: boolean; onTo: (user: string) => void }) {
  const { ticket: say } = words();
  const others = (roster.value?.officers ?? []).filter((one) => one.user !== ticket.owner.id && !one.away);
  if (others.length === 0) return null;
  return (
    <div class="row wrap" role="group" aria-label={say.handOver}>
      <span class="soft">{say.handOver}</span>
      {others.map((one) => (
        <button key={one.user} class="button" aria-disabled={busy} onClick={() => !busy && onTo(one.user)} data-testid="ticket-hand-over">{one.name}</button>
      ))}
    </div>
  );
}

/** What the last days came to. */
function Days() {
  const { ticket: say } = words();
  if (briefs.value.length === 0) return null;
  return (
    <section class="card" aria-labelledby="days-title" data-testid="briefs">
      <h2 id="days-title">{say.days}</h2>
      <ul>
        {briefs.value.map(({ id, to, sum }) => (
          <li key={id}>
            {when(to, now.value)} · {say.day(sum.asked, sum.answered, sum.closed, sum.waiting, sum.late)}{" "}
            <a href={`/v1/desk/briefs/${id}/text`} download>{say.asText}</a>{" "}
            <a href={`/v1/desk/briefs/${id}/csv`} download>{say.asTable}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Who of the desk is there, and who answers for which firms. */
function Duty({ mine }: { mine: Officer | undefined }) {
  const { ticket: say } = words();
  const task = useTask();
  const all = roster.value;
  if (!all) return null;
  const chief = me.value?.role === "owner";
  const away = (one: Officer) => task.run(async (how) => {
    await write(`away:${one.user}`, `/v1/desk/officers/${encodeURIComponent(one.user)}/away`, { away: !one.away }, {}, how);
    await Promise.all([readRoster(), readTickets()]);
  });
  return (
    <section class="card" aria-labelledby="duty-title" data-testid="duty">
      <h2 id="duty-title">{say.duty}</h2>
      {all.officers.length === 0 && <p class="note warn">{say.nobody}</p>}
      <TaskNote task={task} />
      <ul>
        {all.officers.map((one) => (
          <li key={one.user} class="row wrap" data-testid="officer" data-user={one.user} data-away={String(one.away ?? false)}>
            <b>{one.name}</b> {one.head && <Pill tone="quiet">{say.rungs.head}</Pill>} {one.default && <Pill tone="quiet">{say.byDefault}</Pill>} {one.away && <Pill tone="warn">{say.away}</Pill>}
            {one.hours && <span class="soft">{hoursText(one.hours)}</span>}
            <span class="soft">{one.firms.map((id) => all.firms.find((firm) => firm.id === id)?.name ?? id).join(" · ")}</span>
            {(chief || one === mine) && (
              <button class="button" aria-disabled={task.busy.value} onClick={() => void away(one)} data-testid="officer-away">{one.away ? say.back : say.leave}</button>
            )}
          </li>
        ))}
      </ul>
      {chief && <Bind />}
    </section>
  );
}

/** The owner of the desk says who answers for which firms. */
function Bind() {
  const { ticket: say } = words();
  const all = roster.value;
  const task = useTask();
  const user = useSignal("");
  const known = all?.officers.find((one) => one.user === user.value);
  const deputy = useSignal("");
  const firms = useSignal<string[]>([]);
  const hours = useSignal<OfficeHours | undefined>(undefined);
  if (!all) return null;
  const choose = (next: string) => {
    const one = all.officers.find((officer) => officer.user === next);
    user.value = next;
    deputy.value = one?.deputy ?? "";
    firms.value = one?.firms ?? [];
    hours.value = one?.hours;
  };
  const save = (more: object) => task.run(async (how) => {
    const body = { ...(known && { name: known.name, ...(known.phone && { phone: known.phone }) }), ...(deputy.value && { deputy: deputy.value }), firms: firms.value, ...(hours.value && { hours: hours.value }), ...more };
    await write(`officer:${user.value}`, `/v1/desk/officers/${encodeURIComponent(user.value)}`, body, { method: "PUT" }, how);
    await readRoster();
  });
  const toggle = (id: string) => (firms.value = firms.value.includes(id) ? firms.value.filter((one) => one !== id) : [...firms.value, id]);
  const busy = task.busy.value || user.value === "";
  return (
    <details>
      <summary>{say.bind}</summary>
      <label class="field">{say.officer}
        <select value={user.value} onChange={(event) => choose(event.currentTarget.value)} data-testid="bind-user">
          <option value="">{say.chooseOne}</option>
          {all.members.map((one) => <option key={one.user} value={one.user}>{one.name}</option>)}
        </select>
      </label>
      <label class="field">{say.rungs.deputy}
        <select value={deputy.value} onChange={(event) => (deputy.value = event.currentTarget.value)}>
          <option value="">{say.rungs.head}</option>
          {all.officers.filter((one) => one.user !== user.value).map((one) => <option key={one.user} value={one.user}>{one.name}</option>)}
        </select>
      </label>
      <fieldset>
        <legend>{say.firms}</legend>
        {all.firms.map((firm) => (
          <label key={firm.id} class="line"><input type="checkbox" checked={firms.value.includes(firm.id)} onChange={() => toggle(firm.id)} /> {firm.name}</label>
        ))}
      </fieldset>
      <Hours key={user.value} value={hours.value} onValue={(next) => (hours.value = next)} />
      <TaskNote task={task} />
      <div class="row wrap">
        <button class="button main" aria-disabled={busy} onClick={() => !busy && void save({})} data-testid="bind-save">{say.save}</button>
        <button class="button" aria-disabled={busy} onClick={() => !busy && void save({ default: true })}>{say.makeDefault}</button>
        <button class="button" aria-disabled={busy} onClick={() => !busy && void save({ head: true })}>{say.makeHead}</button>
      </div>
    </details>
  );
}
