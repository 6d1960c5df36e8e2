import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { now } from "../logic/market";
import { explain } from "../logic/net";
import type { Base } from "../logic/base";
import { countdown, span, when } from "../logic/format";
import type { Persistence } from "../logic/attempt";
import { into, type Spot } from "../map/datum";
import { words } from "../words/words";

/** A task that a button starts: one at a time, with its error and whether the line is bad. */
export function useTask() {
  const busy = useSignal(false);
  const waiting = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const how: Persistence = { onWait: () => (waiting.value = true) };
  const run = async (job: (how: Persistence) => Promise<void>): Promise<void> => {
    if (busy.peek()) return;
    busy.value = true;
    error.value = undefined;
    try {
      await job(how);
    } catch (fault) {
      error.value = fault;
    } finally {
      busy.value = false;
      waiting.value = false;
    }
  };
  return { busy, waiting, error, run };
}

export type Task = ReturnType<typeof useTask>;

/** What a task has to say: that the line is bad, or what went wrong. */
export function TaskNote({ task }: { task: Task }) {
  return (
    <div role="alert" class="task-note">
      {task.waiting.value && <p class="note warn">{words().common.badLine}</p>}
      {task.error.value !== undefined && <p class="note bad" data-testid="task-error">{explain(task.error.value)}</p>}
    </div>
  );
}

/** Says that somebody else changed what is being edited. */
export function Overtaken({ base }: { base: Base }) {
  return <div role="alert">{base.overtaken.value && <p class="note warn" data-testid="overtaken">{words().common.changed}</p>}</div>;
}

/** Time left until an instant, by the server's clock; silent for screen readers. */
export function Countdown({ until }: { until: string }) {
  const left = Date.parse(until) - now.value;
  const tone = left <= 0 ? "over" : left < 60_000 ? "soon" : "";
  return (
    <span class={`countdown ${tone}`} role="timer" aria-live="off" data-testid="countdown">
      {left > 0 ? countdown(left) : words().offer.over}
    </span>
  );
}

const nearby = 12 * 3_600_000;

/** An instant as day and time, and within half a day of now also how far off it is. */
export function At({ time }: { time: string | undefined }) {
  const ms = Date.parse(time ?? "");
  if (Number.isNaN(ms)) return null;
  const left = ms - now.value;
  const { common } = words();
  const far = span(Math.abs(left) / 1000);
  return (
    <time dateTime={time}>
      {when(time, now.value)}
      {Math.abs(left) < nearby && <span class="soft far" aria-live="off"> ({Math.abs(left) < 60_000 ? common.rightNow : left > 0 ? common.inTime(far) : common.ago(far)})</span>}
    </time>
  );
}

/** A dialog that asks before something is undone. */
export function Confirm({ title, text, yes, onYes, onClose, tone = "bad" }: {
  title: string;
  text: string;
  yes: string;
  tone?: "bad" | "main";
  onYes: () => void;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="confirm" aria-labelledby={id} onClose={onClose} data-testid="confirm">
      <h2 id={id}>{title}</h2>
      <p>{text}</p>
      <form method="dialog" class="row end">
        <button class="button" data-testid="confirm-no">{words().common.cancel}</button>
        <button class={`button ${tone}`} onClick={onYes} data-testid="confirm-yes">{yes}</button>
      </form>
    </dialog>
  );
}

/** The route of a load or trip, an arrow that is read out as "to". */
export function Route({ from, to }: { from: string; to: string }) {
  return (
    <span class="route">
      <span>{from}</span>
      <span class="arrow" aria-hidden="true">→</span>
      <span class="unseen">{words().common.to}</span>
      <span>{to}</span>
    </span>
  );
}

export function Pill({ tone, children }: { tone: string; children: ComponentChildren }) {
  return <span class={`pill ${tone}`}>{children}</span>;
}

/** What stands in an empty list. */
export function Empty({ title, text, children }: { title: string; text?: string; children?: ComponentChildren }) {
  return (
    <div class="empty" data-testid="empty">
      <p class="empty-title">{title}</p>
      {text && <p class="soft">{text}</p>}
      {children}
    </div>
  );
}

/** A term and what it is, one row of a list of facts; nothing where there is nothing. */
export function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  if (children === "" || children === undefined || children === null || children === false) return null;
  return (
    <div class="fact">
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A list beside its detail; on a phone one of the two. */
export function Split({ list, detail }: { list: ComponentChildren; detail: ComponentChildren }) {
  return (
    <div class={`split ${detail ? "open" : ""}`}>
      <div class="split-list">{list}</div>
      {detail && <div class="split-detail">{detail}</div>}
    </div>
  );
}

/** A telephone number to be called. */
export function Call({ phone, name }: { phone: string; name?: string }) {
  return (
    <a class="button call" href={`tel:${phone}`}>
      <span class="unseen">{words().booking.call(name ?? "")}</span>
      <span aria-hidden="true">☏</span> {phone}
    </a>
  );
}

/** Links that open a place in a navigation app, each of which knows it by degrees of its own datum. */
export function Navigate({ at, name }: { at: Spot; name: string }) {
  const { place: say } = words();
  const gaode = into("gcj02", at);
  const baidu = into("bd09", at);
  const marker = new URLSearchParams({ position: `${gaode.lng.toFixed(6)},${gaode.lat.toFixed(6)}`, name, coordinate: "gaode", src: "pinhuo" });
  const spot = new URLSearchParams({ location: `${baidu.lat.toFixed(6)},${baidu.lng.toFixed(6)}`, title: name, content: name, coord_type: "bd09ll", output: "html", src: "pinhuo" });
  return (
    <>
      <a class="button" href={`https://uri.amap.com/marker?${marker}`} target="_blank" rel="noreferrer" data-testid="navigate">{say.navigate}</a>
      <a class="button" href={`https://api.map.baidu.com/marker?${spot}`} target="_blank" rel="noreferrer" data-testid="navigate-baidu">{say.navigateBaidu}</a>
    </>
  );
}

export function BackLink({ to }: { to: string }) {
  return <a class="back" href={to}><span aria-hidden="true">‹</span> {words().common.back}</a>;
}
