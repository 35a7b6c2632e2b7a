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
