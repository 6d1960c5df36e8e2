import type { CareDraft, VehicleDraft } from "../logic/caredraft";
import type { Shown } from "../logic/faults";
import type { GateDraft } from "../logic/gatedraft";
import type { LoadCare, Size, VehicleCare } from "../logic/types";
import { words } from "../words/words";
import { Select, Text } from "./field";

interface Part<T> {
  draft: T;
  faults: Shown[];
  set: (part: Partial<T>) => void;
}

/** How the load is stacked and reached, and what it demands of what rides beside it. */
export function CareFields({ draft: d, faults, set }: Part<CareDraft>) {
  const { care: say } = words();
  const keys = <T extends string>(names: Record<T, string>) => Object.entries(names) as [T, string][];
  return (
    <>
      <div class="two tight">
        <Select path="size.stacking" label={say.stacking} hint={say.stackingHint} faults={faults} value={d.stacking} onValue={(stacking) => set({ stacking })} options={[["", say.unsaid.stacking], ...keys(say.stackings)]} />
        <Select path="size.access" label={say.access} faults={faults} value={d.access} onValue={(access) => set({ access })} options={[["", say.unsaid.access], ...keys(say.accesses)]} />
      </div>
      <div class="two tight">
        <Text path="temperature.low_c" label={say.low} optional faults={faults} value={d.low} onValue={(low) => set({ low })} />
        <Text path="temperature.high_c" label={say.high} optional faults={faults} value={d.high} onValue={(high) => set({ high })} />
      </div>
      <div class="two tight">
        <Text path="hazmat.class" label={say.hazmat} hint={say.hazmatHint} optional faults={faults} value={d.hazClass} onValue={(hazClass) => set({ hazClass })} />
        <Text path="max_delay_s" label={say.delay} hint={say.delayHint} optional kind="decimal" faults={faults} value={d.delay} onValue={(delay) => set({ delay })} />
      </div>
      {(["pickup", "delivery"] as const).map((side) => (
        <GateFields key={side} side={side} gate={d.gates[side]} faults={faults} set={(gate) => set({ gates: { ...d.gates, [side]: gate } })} />
      ))}
      <div class="row wrap">
        {d.hazClass.trim() !== "" && <Tick name="limited" text={say.limited} on={d.limited} flip={() => set({ limited: !d.limited })} />}
        <Tick name="food" text={say.food} on={d.food} flip={() => set({ food: !d.food })} />
        <Tick name="rehandle" text={say.rehandle} on={d.rehandle} flip={() => set({ rehandle: !d.rehandle })} />
      </div>
    </>
  );
}

/** When a place lets trucks in. */
function GateFields({ side, gate, faults, set }: { side: "pickup" | "delivery"; gate: GateDraft; faults: Shown[]; set: (gate: GateDraft) => void }) {
  const { care: say } = words();
  const change = (part: Partial<GateDraft>) => set({ ...gate, ...part, kept: undefined });
  return (
    <div class="two tight">
      <Text path={`${side}.gate_hours.opens`} label={say.gateOpens[side]} hint={gate.kept ? say.gateKept : say.gateHint} optional kind="clock" faults={faults} value={gate.opens} onValue={(opens) => change({ opens })} />
      <Text path={`${side}.gate_hours.shuts`} label={say.gateShuts[side]} optional kind="clock" faults={faults} value={gate.shuts} onValue={(shuts) => change({ shuts })} />
      {(gate.opens || gate.shuts) && (
        <Select path={`${side}.gate_hours.days`} label={say.gateDays} faults={faults} value={gate.days} onValue={(days) => change({ days })} options={[["7", say.gateWeek["7"]], ["6", say.gateWeek["6"]], ["5", say.gateWeek["5"]]]} />
      )}
    </div>
  );
}

function Tick({ name, text, on, flip }: { name: string; text: string; on: boolean; flip: () => void }) {
  return (
    <label class="tick">
      <input type="checkbox" name={name} data-testid={`in-${name}`} checked={on} onChange={flip} />
      <span>{text}</span>
    </label>
  );
}

/** Where the vehicle opens, what its deck bears and what it can be kept at. */
export function VehicleCareFields({ draft: d, faults, set }: Part<VehicleDraft>) {
  const { care: say } = words();
  return (
    <>
      <Select
        path="vehicle.doors"
        label={say.doors}
        hint={say.doorsHint}
        faults={faults}
        value={d.doors}
        onValue={(doors) => set({ doors })}
        options={[["rear", say.doorNames.rear], ["side", say.doorNames.side], ["", say.unsaid.doors]]}
      />
      <details>
        <summary>{say.moreVehicle}</summary>
        <div class="two tight">
          <Text path="vehicle.door.width_m" label={say.doorWidth} optional kind="decimal" faults={faults} value={d.doorWidth} onValue={(doorWidth) => set({ doorWidth })} />
          <Text path="vehicle.door.height_m" label={say.doorHeight} optional kind="decimal" faults={faults} value={d.doorHeight} onValue={(doorHeight) => set({ doorHeight })} />
        </div>
        <div class="two tight">
          <Text path="vehicle.temperature.low_c" label={say.coolLow} optional faults={faults} value={d.coolLow} onValue={(coolLow) => set({ coolLow })} />
          <Text path="vehicle.temperature.high_c" label={say.coolHigh} optional faults={faults} value={d.coolHigh} onValue={(coolHigh) => set({ coolHigh })} />
        </div>
        <Text path="vehicle.deck_kg_per_m" label={say.deck} optional kind="decimal" faults={faults} value={d.deck} onValue={(deck) => set({ deck })} />
        <Text path="vehicle.rehandle_fen_per_min" label={say.moving} hint={say.movingHint} optional kind="decimal" faults={faults} value={d.rehandle} onValue={(rehandle) => set({ rehandle })} />
      </details>
    </>
  );
}

/** What the load demands, in a line. */
export function careText(load: LoadCare & { size: Size }): string {
  const { care: say } = words();
  const { temperature: t, hazmat, food, max_delay_s: delay, rehandle, size } = load;
  return [
    size.stacking && size.stacking !== "none" && say.stackings[size.stacking],
    size.access && say.accesses[size.access],
    t && say.between(t.low_c, t.high_c),
    hazmat && say.hazmatText(hazmat.class, hazmat.limited ?? false),
    food && say.food,
    rehandle && say.rehandle,
    delay && say.delayText(Math.round(delay / 60)),
  ].filter(Boolean).join(" · ");
}

/** What the vehicle offers beyond its box, in a line. */
export function vehicleCareText(v: VehicleCare): string {
  const { care: say } = words();
  const { temperature: t } = v;
  return [v.doors && say.doorNames[v.doors], t && say.between(t.low_c, t.high_c), v.deck_kg_per_m && say.deckText(v.deck_kg_per_m), v.rehandle_fen_per_min && say.movingText(v.rehandle_fen_per_min / 100)].filter(Boolean).join(" · ");
}
