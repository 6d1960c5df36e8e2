import { useEffect, useRef } from "preact/hooks";
import { useSignal, useSignalEffect } from "@preact/signals";
import { resume } from "./logic/answer";
import { liveTickets } from "./logic/desk";
import { begin, due, face, hurry, line, mayHaul, mayPost, me, ready, signOut, unread, waitingPools } from "./logic/market";
import { explain } from "./logic/net";
import { dismiss, toast, toasts } from "./logic/toast";
import { go, path } from "./logic/router";
import { zoneName } from "./logic/format";
import type { OrgKind } from "./logic/types";
import { TaskNote, useTask } from "./parts/basics";
import { outbox } from "./parts/goods";
import { fetchForms, Later } from "./parts/later";
import { Board } from "./faces/board";
import { Bookings } from "./faces/bookings";
import { Desk } from "./faces/desk";
import { Loads } from "./faces/loads";
import { Offers, waitingOffers } from "./faces/offers";
import { SignIn } from "./faces/signin";
import { tracker } from "./faces/track";
import { Trips } from "./faces/trips";
import { choose, language, word, words } from "./words/words";

/** The whole page. */
export function App({ link }: { link: string }) {
  useSignalEffect(() => {
    document.documentElement.lang = language.value;
    const waiting = face.value === "carrier" ? waitingOffers() : face.value === "enterprise" ? due.value.size : 0;
    document.title = (waiting > 0 ? `(${waiting}) ` : "") + words().brand;
  });
  return (
    <>
      <a class="skip" href="#content">{words().skip}</a>
      <Header />
      <LineBanner />
      {me.value ? <Inside /> : me.value === null || link ? <SignIn link={me.value === null ? "" : link} /> : <Waiting />}
      <Toasts />
    </>
  );
}

function Waiting() {
  return (
    <main class="page" id="content" aria-busy="true">
      {unread.value !== undefined && <p class="note bad" role="alert">{explain(unread.value)}</p>}
      <div class="skeleton wide" /><div class="skeleton" /><div class="skeleton" /><div class="skeleton" />
    </main>
  );
}

const homes: Record<OrgKind, string> = { enterprise: "/loads", carrier: "/offers", desk: "/desk" };

function Inside() {
  useEffect(() => {
    if (!ready.value) return;
    if (mayHaul.peek() || mayPost.peek()) resume();
    if (mayHaul.peek()) tracker.resume();
    if (mayHaul.peek() || mayPost.peek()) outbox.resume();
    // A form that is opened on a bad line must not wait for its code.
    if (mayHaul.peek() || mayPost.peek()) fetchForms().catch(() => undefined);
  }, [ready.value]);
  const at = path.value;
  const main = useRef<HTMLElement>(null);
  const here = at.join("/");
  const first = useRef(true);
  useEffect(() => {
    // A new view is read from its top, and the keyboard goes on from there.
    if (first.current) first.current = false;
    else if (!main.current?.contains(document.activeElement) || document.activeElement?.tagName === "A") {
      main.current?.focus({ preventScroll: true });
    }
    scrollTo(0, 0);
    main.current?.scrollTo(0, 0);
  }, [here]);
  return (
    <>
      <main class="page" id="content" tabIndex={-1} ref={main} aria-busy={!ready.value}>
        {unread.value !== undefined && (
          <p class="note bad" role="alert">
            {words().line.loadFailed}{" "}
            <button class="button" onClick={() => void begin()}>{words().common.retry}</button>
          </p>
        )}
        {ready.value ? <View at={at} /> : <><div class="skeleton wide" /><div class="skeleton" /><div class="skeleton" /></>}
        <footer class="foot">{words().common.zoneNote(zoneName())}</footer>
      </main>
      <Nav />
    </>
  );
}

function View({ at }: { at: string[] }) {
  const kind = face.value ?? "enterprise";
  const [room, id, act] = at;
  if (room === "bookings") return <Bookings id={id} />;
  if (room === "board") return <Board />;
  if (room === "tickets") return <Later show={({ Tickets }) => <Tickets />} />;
  if (room === "acts") return <Later show={({ Acts }) => <Acts />} />;
  if (room === "standing" && kind !== "desk") return <Later show={({ Standing }) => <Standing />} />;
  if (room === "pools") return <Later show={({ Pools }) => <Pools />} />;
  if (room === "asking" && (mayPost.value || mayHaul.value)) return <Later show={({ Asking }) => <Asking />} />;
  if (room === "sites" && kind !== "desk") return <Later show={({ Sites }) => <Sites mayKeep={mayPost.value || mayHaul.value} />} />;
  if (kind === "enterprise" && room === "loads") {
    if (id === "new" && mayPost.value) return <Later show={({ LoadForm }) => <LoadForm />} />;
    if (id && (act === "edit" || act === "repost") && mayPost.value) return <Later show={({ LoadForm }) => <LoadForm id={id} repost={act === "repost"} />} />;
    return <Loads id={id} />;
  }
  if (kind === "carrier" && room === "offers") return <Offers />;
  if (kind === "carrier" && room === "trips") {
    if (id === "new" && mayHaul.value) return <Later show={({ TripForm }) => <TripForm />} />;
    if (id && (act === "edit" || act === "renew") && mayHaul.value) return <Later show={({ TripForm }) => <TripForm id={id} renew={act === "renew"} />} />;
    return <Trips id={id} />;
  }
  if (kind === "desk" && room === "costs") return <Later show={({ Costs }) => <Costs />} />;
  if (kind === "desk" && room === "desk") return <Desk id={id} />;
  return <Home to={homes[kind]} />;
}

function Home({ to }: { to: string }) {
  useEffect(() => go(to, true), [to]);
  return null;
}

function Nav() {
  const { nav } = words();
  const kind = face.value ?? "enterprise";
  const waiting = waitingOffers();
  const pooled = waitingPools();
  const asked = liveTickets.value.filter((ticket) => (kind === "desk" ? ticket.owner.id === me.value?.user.id && ticket.state !== "done" : ticket.state === "done" && ticket.org.id === me.value?.org.id)).length;
  const items: Record<OrgKind, [string, string][]> = {
    enterprise: [["/loads", nav.loads], ...(mayPost.value ? [["/loads/new", nav.post] as [string, string]] : []), ["/pools", nav.pools], ["/bookings", nav.bookings], ["/tickets", nav.help], ["/board", nav.board]],
    carrier: [["/offers", nav.offers], ["/trips", nav.trips], ["/pools", nav.pools], ["/bookings", nav.bookings], ["/tickets", nav.help], ["/board", nav.board]],
    desk: [["/tickets", nav.tickets], ["/desk", nav.desk], ["/pools", nav.pools], ["/bookings", nav.bookings], ["/board", nav.board]],
  };
  const here = `/${path.value.join("/")}`;
  const current = items[kind].map(([to]) => to).filter((to) => here === to || here.startsWith(`${to}/`)).sort((a, b) => b.length - a.length)[0];
  return (
    <nav class="nav" aria-label={nav.label}>
      {items[kind].map(([to, text]) => (
        <a key={to} href={to} data-testid={`nav-${to.slice(1).replace("/", "-")}`} {...(to === current && { "aria-current": "page" as const })}>
          {text}
          {to === "/tickets" && asked > 0 && <span class="badge" data-testid="ticket-count">{asked}</span>}
          {to === "/pools" && pooled > 0 && <span class="badge" data-testid="pool-count">{pooled}</span>}
          {to === "/loads" && due.value.size > 0 && <span class="badge" title={words().haggle.turns(due.value.size)} data-testid="due-count">{due.value.size}</span>}
          {to === "/offers" && waiting > 0 && <span class="badge" data-testid="offer-count">{waiting}</span>}
        </a>
      ))}
    </nav>
  );
}

function Header() {
  const menu = useRef<HTMLDialogElement>(null);
  const { account, otherLanguage, brand } = words();
  const other = language.value === "en" ? "zh-CN" : "en";
  const person = me.value;
  return (
    <header class="top">
      <div class="top-in">
        <a class="brand" href="/">{brand}</a>
        {person && <span class="whose" data-testid="org-name">{person.org.name}</span>}
        <span class="grow" />
        <button class="top-button" lang={other} onClick={() => void choose(other).catch((error: unknown) => toast(explain(error), "warn"))} data-testid="language">{otherLanguage}</button>
        {person && (
          <button class="top-button" aria-haspopup="dialog" onClick={() => menu.current?.showModal()} data-testid="account">{account.open}</button>
        )}
      </div>
      {person && <Account dialog={menu} />}
    </header>
  );
}

function Account({ dialog }: { dialog: { current: HTMLDialogElement | null } }) {
  const { account, roles, kinds, common } = words();
  const task = useTask();
  const leave = async () => {
    await outbox.flush(); // what was told of goods is not lost with the session
    await signOut();
    tracker.stop();
    outbox.forget();
  };
  const person = me.value;
  if (!person) return null;
  return (
    <dialog ref={dialog} class="account" aria-label={account.open} data-testid="account-menu">
      <dl class="facts">
        <div class="fact"><dt>{account.org}</dt><dd>{person.org.name} · {word(kinds, person.org.kind)}</dd></div>
        <div class="fact"><dt>{account.user}</dt><dd>{person.user.name}</dd></div>
        <div class="fact"><dt>{account.role}</dt><dd data-testid="role">{word(roles, person.role)}</dd></div>
        <div class="fact"><dt>{account.market}</dt><dd>{person.market.name}</dd></div>
      </dl>
      <TaskNote task={task} />
      {person.org.kind !== "desk" && <p><a class="button" href="/sites" data-testid="nav-sites" onClick={() => dialog.current?.close()}>{words().site.title}</a></p>}
      {person.org.kind === "desk" && <p><a class="button" href="/costs" data-testid="nav-costs" onClick={() => dialog.current?.close()}>{words().costs.title}</a></p>}
      {(mayPost.value || mayHaul.value) && <p><a class="button" href="/asking" data-testid="nav-asking" onClick={() => dialog.current?.close()}>{words().asking.title}</a></p>}
      {person.org.kind !== "desk" && <p><a class="button" href="/standing" data-testid="nav-standing" onClick={() => dialog.current?.close()}>{words().trust.title}</a></p>}
      <p><a class="button" href="/acts" data-testid="nav-acts" onClick={() => dialog.current?.close()}>{words().acts.title}</a></p>
      <div class="row between">
        <button class="button bad-quiet" disabled={task.busy.value} onClick={() => void task.run(leave)} data-testid="sign-out">{account.signOut}</button>
        <button class="button" onClick={() => dialog.current?.close()}>{common.close}</button>
      </div>
    </dialog>
  );
}

const backFor = 4000;

/** Says that the line is cut, and for a moment that it is back. */
function LineBanner() {
  const { line: say } = words();
  const wasCut = useSignal(false);
  const back = useSignal(false);
  useEffect(() => {
    if (line.value === "cut") wasCut.value = true;
    if (line.value !== "live" || !wasCut.peek()) return;
    wasCut.value = false;
    back.value = true;
    const timer = setTimeout(() => (back.value = false), backFor);
    return () => clearTimeout(timer);
  }, [line.value]);
  const state = !me.value ? "" : line.value === "cut" || (line.value === "connecting" && wasCut.value) ? "cut" : line.value === "stopped" && ready.value ? "stopped" : back.value ? "back" : "";
  return (
    <div role="status" class={`banner ${state}`} data-testid="connection-banner" data-state={state || "live"}>
      {state === "cut" && <><span>{say.cut}</span> <button class="button" onClick={hurry}>{say.now}</button></>}
      {state === "back" && say.back}
      {state === "stopped" && say.stopped}
    </div>
  );
}

function Toasts() {
  return (
    <div class="toasts" role="status" data-testid="toasts">
      {toasts.value.map((one) => (
        <p key={one.id} class={`toast ${one.tone}`}>
          {one.to ? <a href={one.to} onClick={() => dismiss(one.id)}>{one.text}</a> : <span>{one.text}</span>}
          <button aria-label={words().toasts.close} onClick={() => dismiss(one.id)}>×</button>
        </p>
      ))}
    </div>
  );
}
