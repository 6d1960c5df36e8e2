import type { OfficeHours } from "../logic/types";
import { words } from "../words/words";
import { Ticks } from "./field";

const week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** When an officer is at work: nothing typed means at any time. */
export function Hours({ value, onValue }: { value: OfficeHours | undefined; onValue: (next: OfficeHours | undefined) => void }) {
  const { ticket: say, asking } = words();
  const now = value ?? { from: "", till: "" };
  const put = (more: { [K in keyof OfficeHours]?: OfficeHours[K] | undefined }) => {
    const { from, till, days, free } = { ...now, ...more };
    const any = from || till || days?.length || free?.length;
    onValue(any ? { from: from ?? "", till: till ?? "", ...(days?.length && { days }), ...(free?.length && { free }) } : undefined);
  };
  const days = now.days?.length ? week.filter((day) => now.days?.includes(day)) : [...week];
  const dates = (text: string) => text.split(/[\s,，、;；]+/).filter((one) => one !== "");
  return (
    <fieldset>
      <legend>{say.hours}</legend>
      <p class="soft">{say.hoursText}</p>
      <div class="row wrap">
        <label class="field">{say.hoursFrom}
          <input type="time" value={now.from} onInput={(event) => put({ from: event.currentTarget.value })} data-testid="hours-from" />
        </label>
        <label class="field">{say.hoursTill}
          <input type="time" value={now.till} onInput={(event) => put({ till: event.currentTarget.value })} data-testid="hours-till" />
        </label>
      </div>
      <Ticks path="days" label={asking.days} faults={[]} value={days} options={week.map((day) => [day, asking.week[day]] as const)}
        onValue={(next) => put({ days: next.length === week.length ? undefined : week.filter((day) => next.includes(day)) })} />
      <label class="field">{say.hoursFree}
        <input type="text" inputMode="text" placeholder="2026-10-01 2026-10-02" defaultValue={now.free?.join(" ") ?? ""} onChange={(event) => put({ free: dates(event.currentTarget.value) })} data-testid="hours-free" />
      </label>
    </fieldset>
  );
}

/** Hours in a few words, for the roster. */
export function hoursText(hours: OfficeHours): string {
  const { asking } = words();
  const days = hours.days?.length ? week.filter((day) => hours.days?.includes(day)).map((day) => asking.week[day]).join(" ") + " " : "";
  return `${days}${hours.from}–${hours.till}`;
}
