// Makes static/outlines.geojson: country outlines as the United Nations draw them, for the map without a network. Run once, by hand:
//   npm pack plotly.js@4.1.1 && tar xzf plotly.js-4.1.1.tgz package/dist/plotly-geo-assets.js
//   node dashboard/make_outlines.cjs package/dist/plotly-geo-assets.js dashboard/static/outlines.geojson
// Source: plotly.js 4.1.1 (MIT), world_50m, boundaries of the United Nations (UN Geodata). No judgement on any border is meant.
const fs = require('fs');
const path = require('path');
globalThis.window = globalThis;
const {arcs, objects, transform} = require(path.resolve(process.argv[2])).topojson.world_50m;
const round = (value) => Math.round(value * 1000) / 1000; // about 100 m, finer than the outlines are

const lines = arcs.map((arc) => { // TopoJSON: steps on a grid -> degrees
  let x = 0, y = 0;
  return arc.map(([dx, dy]) => {
    x += dx; y += dy;
    return [round(x * transform.scale[0] + transform.translate[0]), round(y * transform.scale[1] + transform.translate[1])];
  });
});

// A coast is drawn by fewer points, an island by three at least; a border between two countries is left as it is.
const COAST = 0.008; // degrees, under 1 km
const users = lines.map(() => new Set());
const note = (arcs, id) => Array.isArray(arcs) ? arcs.forEach((a) => note(a, id)) : users[arcs < 0 ? ~arcs : arcs].add(id);
objects.countries.geometries.forEach((shape) => note(shape.arcs || [], shape.id));

function simpler(line) { // Douglas and Peucker: what leaves the straight line by more stays
  const kept = new Set([0, line.length - 1]), squeeze = Math.cos(line[0][1] * Math.PI / 180);
  const leaves = ([x, y], [x0, y0], [x1, y1]) => {
    const dx = (x1 - x0) * squeeze, dy = y1 - y0, px = (x - x0) * squeeze, py = y - y0, length = dx * dx + dy * dy;
    const along = length ? Math.max(0, Math.min(1, (px * dx + py * dy) / length)) : 0;
    return Math.hypot(px - along * dx, py - along * dy);
  };
  const closed = String(line[0]) === String(line.at(-1));
  const split = (from, to, least) => {
    let far = -1, most = least;
    for (let i = from + 1; i < to; i++) {
      const by = leaves(line[i], line[from], line[to]);
      if (by > most) { most = by; far = i; }
    }
    if (far < 0) return;
    kept.add(far);
    split(from, far, closed && kept.size < 4 ? 0 : COAST); split(far, to, closed && kept.size < 4 ? 0 : COAST);
  };
  split(0, line.length - 1, closed ? 0 : COAST);
  return line.filter((_, i) => kept.has(i));
}
lines.forEach((line, i) => { if (users[i].size < 2) lines[i] = simpler(line); });

const ring = (indexes) => indexes.flatMap((index, i) => {
  const line = index < 0 ? [...lines[~index]].reverse() : lines[index];
  return i ? line.slice(1) : line; // arcs share their end points
});
const polygons = (shape) => shape.type === 'Polygon' ? [shape.arcs.map(ring)] : (shape.arcs || []).map((p) => p.map(ring));
const features = objects.countries.geometries.map((shape) => ({
  type: 'Feature', id: shape.id, properties: {iso3: shape.id},
  geometry: {type: 'MultiPolygon', coordinates: polygons(shape)},
}));
fs.writeFileSync(process.argv[3], JSON.stringify({type: 'FeatureCollection', features}) + '\n');
