import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Spot } from "../map/datum";
import type { Mark, Shown } from "../map/map";
import { read } from "../logic/net";
import type { Drive } from "../logic/types";
import { words } from "../words/words";
import { GeoMap } from "./map";

/** A line past points: the loads' way, or the trip's own. */
export interface Way {
  kind: "own" | "with";
  through: Spot[];
}

const asked = new Map<string, Promise<Drive>>();
const remembered = 50;

/** The drive past points, asked for once. */
function drive(through: Spot[]): Promise<Drive> {
  const key = through.map(({ lat, lng }) => `${lat},${lng}`).join("/");
  let answer = asked.get(key);
  if (!answer) {
    if (asked.size >= remembered) asked.clear();
    answer = read<Drive>(`/v1/route?through=${encodeURIComponent(key)}`);
    answer.catch(() => asked.delete(key));
    asked.set(key, answer);
  }
  return answer;
}

/** A map of ways along the road where the server knows one, else straight, and of places. */
export function RouteMap({ ways, marks, testid }: { ways: Way[]; marks: Mark[]; testid: string }) {
  const { map: say } = words();
  const drives = useSignal<(Drive | undefined)[]>([]);
  const key = JSON.stringify(ways);
  useEffect(() => {
    let gone = false;
    drives.value = [];
    ways.forEach(({ through }, i) => {
      drive(through).then(
        (known) => {
          if (gone) return;
          const next = [...drives.peek()];
          next[i] = known;
          drives.value = next;
        },
        () => undefined, // then the line stays straight
      );
    });
    return () => {
      gone = true;
    };
  }, [key]);
  const lines: Shown["lines"] = ways.map(({ kind, through }, i) => {
    const road = (drives.value[i]?.legs ?? []).flatMap((leg) => (leg.line ?? []).map(([lat = 0, lng = 0]) => ({ lat, lng })));
    return { kind, points: road.length > 1 ? road : through };
  });
  const road = drives.value.some((one) => one !== undefined && one.method !== "fallback");
  return (
    <>
      <GeoMap testid={testid} label={say.route} shown={{ lines, marks }} />
      {!road && <p class="hint">{say.straight}</p>}
    </>
  );
}
