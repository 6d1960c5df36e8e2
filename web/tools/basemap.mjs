// Makes public/basemap.json from Natural Earth's 1:10m layers (public domain):
//
//   node tools/basemap.mjs FOLDER
//
// FOLDER holds ne10m_{land,lakes,rivers,admin1_lines}_0.01.geojson.gz. Of the lines only
// those between the provinces of China are taken; no border between countries is drawn.
// Points are whole thousandths of a degree, longitude first, each as the difference to the
// one before. The same layers give the same bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node tools/basemap.mjs FOLDER");
  process.exit(2);
}

const layer = (name) => JSON.parse(gunzipSync(readFileSync(`${folder}/ne10m_${name}_0.01.geojson.gz`)).toString()).features;

/** Every ring or line of a geometry. */
function parts({ type, coordinates: c }) {
  switch (type) {
    case "LineString": return [c];
    case "MultiLineString": case "Polygon": return c;
    case "MultiPolygon": return c.flat();
    default: throw new Error(`geometry of type ${type}`);
  }
}

/** Leaves points out that lie within a tolerance of the line without them. */
function simplify(points, tolerance) {
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const stack = [[0, points.length - 1]];
  while (stack.length > 0) {
    const [from, to] = stack.pop();
    let worst = tolerance;
    let at = -1;
    for (let i = from + 1; i < to; i++) {
      const d = distance(points[i], points[from], points[to]);
      if (d > worst) [worst, at] = [d, i];
    }
    if (at >= 0) {
      keep[at] = 1;
      stack.push([from, at], [at, to]);
    }
  }
  return points.filter((_, i) => keep[i]);
}

function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** The size of a part's box in degrees. */
function extent(points) {
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}

function pack(points) {
  let [px, py] = [0, 0];
  return points.flatMap(([lng, lat]) => {
    const [x, y] = [Math.round(lng * 1000), Math.round(lat * 1000)];
    const step = [x - px, y - py];
    [px, py] = [x, y];
    return step;
  });
}

const take = (features, { tolerance, least, closed }) =>
  features.flatMap((f) => (f.geometry ? parts(f.geometry) : []))
    .filter((points) => extent(points) >= least)
    .map((points) => simplify(points, tolerance))
    .filter((points) => points.length >= (closed ? 4 : 2))
    .map(pack);

const map = {
  land: take(layer("land"), { tolerance: 0.012, least: 0.05, closed: true }),
  lakes: take(layer("lakes"), { tolerance: 0.012, least: 0.05, closed: true }),
  rivers: take(layer("rivers"), { tolerance: 0.015, least: 0.1, closed: false }),
  provinces: take(layer("admin1_lines").filter((f) => f.properties.adm0_a3 === "CHN"), { tolerance: 0.015, least: 0.02, closed: false }),
};
writeFileSync(new URL("../public/basemap.json", import.meta.url), JSON.stringify(map));
for (const [name, list] of Object.entries(map)) console.log(name, list.length, "parts,", list.reduce((n, p) => n + p.length / 2, 0), "points");
