import { mayHaul, mayPost, me, now } from "../logic/market";
import { when } from "../logic/format";
import { write } from "../logic/net";
import { toast } from "../logic/toast";
import type { Trip } from "../logic/types";
import { words } from "../words/words";
import { TaskNote, useTask } from "./basics";

interface Posted {
  id: string;
  version: number;
  org?: { id: string };
  true_until?: string;
  still_asked_at?: string;
}

/** Asks the operator of a booked trip, shortly before, whether he drives. */
export function Drives({ of, put }: { of: Trip; put: (next: Trip) => void }) {
  const say = words().still;
  const task = useTask();
  if (!mayHaul.value || of.org?.id !== me.value?.org.id || !of.drive_by) return null;
  const yes = () =>
    task.run(async (how) => {
      put(await write<Trip>(`keep:${of.id}`, `/v1/trips/${encodeURIComponent(of.id)}/keep`, {}, {}, how));
      toast(say.driven, "good");
    });
  return (
    <section class="card" aria-labelledby="drives-title" data-testid="drives" data-late={of.unconfirmed_since !== undefined}>
      <h2 id="drives-title">{say.drive}</h2>
      <p>{of.unconfirmed_since ? say.driveLate : say.driveBy(when(of.drive_by, now.value))}</p>
      <button class="button main" disabled={task.busy.value} onClick={() => void yes()} data-testid="drive">{say.drives}</button>
      <TaskNote task={task} />
    </section>
  );
}

/**
 * Asks the owner whether what is posted is still true, and brings back with one tap
 * what left the market because nobody said so.
 */
export function StillTrue<T extends Posted>({ kind, of, lapsed, put }: { kind: "loads" | "trips"; of: T; lapsed: boolean; put: (next: T) => void }) {
  const say = words().still;
  const task = useTask();
  const mine = (kind === "loads" ? mayPost.value : mayHaul.value) && (!of.org || of.org.id === me.value?.org.id);
  if (!mine || (!lapsed && !of.still_asked_at)) return null;
  const keep = () =>
    task.run(async (how) => {
      put(await write<T>(`keep:${of.id}`, `/v1/${kind}/${encodeURIComponent(of.id)}/keep`, {}, {}, how));
      toast(lapsed ? say.back : say.kept, "good");
    });
  return (
    <section class="card" aria-labelledby="still-title" data-testid="still-true" data-lapsed={lapsed}>
      <h2 id="still-title">{lapsed ? say.lapsed : say.title}</h2>
      <p>{lapsed ? say.why : say.until(of.true_until ? when(of.true_until, now.value) : "")}</p>
      <button class="button main" disabled={task.busy.value} onClick={() => void keep()} data-testid="keep">{lapsed ? say.again : say.yes}</button>
      <TaskNote task={task} />
    </section>
  );
}
