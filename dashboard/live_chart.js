// See charts.py. One Plotly for all charts of the page.
async function plotly(address) {
  window.__plotly ??= new Promise((ok, no) => {
    const tag = document.createElement('script');
    tag.src = new URL(address, document.baseURI);
    tag.onload = () => ok(window.Plotly);
    tag.onerror = no;
    document.head.appendChild(tag);
  });
  return window.__plotly;
}

function themeOf(element, data) { // the stand-ins of palette.py -> the theme's colours
  const style = getComputedStyle(element);
  const colour = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  return {
    '"#010203"': colour('--st-text-color', '#31333f'),
    '"#010204"': colour('--st-background-color', '#ffffff'),
    '"#010205"': colour('--st-secondary-background-color', '#f0f2f6'),
    '"#010206"': 'rgba(128,132,149,0.35)',
    '"@outlines"': new URL(data.outlines, document.baseURI).href,
  };
}

function inTheme(json, theme) {
  for (const [word, value] of Object.entries(theme)) json = json.replaceAll(word, JSON.stringify(value));
  return JSON.parse(json);
}

// for a label that would lie over another, or over the edge, its number stands; the list under the chart has the words
function clearLabels(chart) {
  const frame = chart.querySelector('.plot-container')?.getBoundingClientRect();
  // of each claim its line; a label stands beside its own
  const lines = [...chart.querySelectorAll('.trace:has(.textpoint text) .js-line')].map((line) => line.getBoundingClientRect());
  const held = [];
  for (const text of chart.querySelectorAll('.textpoint text')) {
    text.style.visibility = '';
    if (!text.textContent.trim()) continue;
    let box = text.getBoundingClientRect();
    const clash = (box) => box.left < frame.left || box.right > frame.right
      || lines.some((b) => box.left < b.right - 6 && b.left < box.right - 6 && box.top < b.top && b.top < box.bottom)
      || held.some((b) => box.left < b.right && b.left < box.right && box.top < b.bottom - 3 && b.top < box.bottom - 3);
    if (clash(box) && frame.width < 540) { // as in claims_lane.py
      const i = text.closest('.textpoint').__data__?.i; // start, middle, end, break of each claim
      text.textContent = ` ${Math.floor(i / 4) + 1} `;
      box = text.getBoundingClientRect();
    }
    if (clash(box)) text.style.visibility = 'hidden'; else held.push(box);
  }
}

// where the reader looks: Plotly does not hear of every way in which the map moves
function viewOf(chart) {
  const map = chart._fullLayout?.map?._subplot?.map;
  if (!map) return null;
  const {lng, lat} = map.getCenter();
  return {center: {lon: lng, lat}, zoom: map.getZoom()};
}

// what the reader asked for and does not see is said at the chart's foot, with a button that goes there
function announce(Plotly, chart, note) {
  const away = chart._fullLayout.map ? awayOnMap(chart) : awayInTime(chart);
  note.hidden = !away;
  if (!away) return;
  note.firstElementChild.textContent = away.words;
  note.lastElementChild.textContent = away.offer;
  note.lastElementChild.onclick = async () => {
    away.go?.();
    await Plotly.relayout(chart, away.view);
    announce(Plotly, chart, note);
  };
}

function awayOnMap(chart) {
  const map = chart._fullLayout.map._subplot?.map;
  if (!map) return null;
  const seen = map.getBounds(), isAway = (at) => !seen.contains(at);
  const opened = chart.data.find((trace) => trace.name === 'now looking at');
  const goTo = (center, zoom) => ({
    go: () => map.jumpTo({center, zoom}), view: {'map.center': {lon: center[0], lat: center[1]}, 'map.zoom': zoom},
  });
  if (opened && isAway([opened.lon[0], opened.lat[0]]))
    return {words: 'The open event lies outside this view.', offer: 'Show it',
      ...goTo([opened.lon[0], opened.lat[0]], map.getZoom())};
  const marks = chart.data.filter((trace) => trace.meta).flatMap((t) => t.lon.map((lon, i) => ({at: [lon, t.lat[i]], events: t.meta[i]})));
  const events = marks.filter(({at}) => isAway(at)).reduce((sum, mark) => sum + mark.events, 0);
  if (!events) return null;
  const [lon, lat] = [0, 1].map((i) => marks.map(({at}) => at[i])), room = {padding: 24, maxZoom: 9};
  const all = map.cameraForBounds([[Math.min(...lon), Math.min(...lat)], [Math.max(...lon), Math.max(...lat)]], room);
  return {words: `${events.toLocaleString('en')} event${events > 1 ? 's lie' : ' lies'} outside this view.`, offer: 'Show all',
    ...goTo([all.center.lng, all.center.lat], all.zoom)};
}

function awayInTime(chart) {
  const axis = chart._fullLayout.xaxis, [opened] = chart.layout.shapes ?? [];
  if (axis?.type !== 'date' || !opened) return null;
  const [first, last] = axis.range.map(axis.d2l), [start, end] = [opened.x0, opened.x1].map(axis.d2l);
  if (end > first && start < last) return null;
  const half = (last - first) / 2, middle = (start + end) / 2;
  return {words: 'The open event lies outside this view.', offer: 'Show it',
    view: {'xaxis.range': [middle - half, middle + half].map((at) => axis.l2d(at))}};
}

// tiles of a map, laid under the marks once these are drawn: a server that is slow or does not answer holds nothing up
const LATE = 5000; // ms, after which it is said that none came
function tileLayer(tiles, theme) {
  const [red, green, blue] = (theme['"#010204"'].match(/[0-9a-f]{2}/gi) ?? []).map((part) => parseInt(part, 16));
  const dark = red + green + blue < 384;
  // pale, so that the colours of the marks lead; on a dark page dark for light, each colour still its own
  const paint = {'raster-saturation': -0.6, 'raster-opacity': 0.85, 'raster-fade-duration': 0,
    ...(dark ? {'raster-brightness-min': 0.9, 'raster-brightness-max': 0, 'raster-hue-rotate': 180} : {})};
  return {
    source: {type: 'raster', tiles: [tiles.address], tileSize: 256, maxzoom: 19},
    layer: {id: 'tiles', type: 'raster', source: 'tiles', paint},
  };
}

function layTiles(chart, tiles, credit, missing) {
  const subplot = chart._fullLayout.map._subplot, map = subplot.map;
  const wanted = tiles ? tileLayer(tiles, chart.__theme) : null, key = JSON.stringify(wanted);
  credit.hidden = !tiles;
  if (map.getSource('tiles') && key !== chart.__tiles) {
    map.removeLayer('tiles');
    map.removeSource('tiles');
  }
  clearTimeout(chart.__late);
  if (!tiles) {
    missing.hidden = true;
    delete subplot.resolveOnRender;
    delete subplot.rejectOnError;
  } else if (!map.getSource('tiles')) {
    credit.textContent = tiles.credit || `Map: ${tiles.host}`;
    if (tiles.credit_link) credit.href = tiles.credit_link; else credit.removeAttribute('href');
    // Plotly waits for all that its map shows, and gives up where a piece does not come
    subplot.resolveOnRender = (drawn) => map.once('render', () => setTimeout(drawn, 10));
    subplot.rejectOnError = () => {};
    missing.textContent = `No map tiles come from ${tiles.host}: the outlines alone are shown.`;
    chart.__late = setTimeout(() => { missing.hidden = false; }, LATE);
    map.addSource('tiles', wanted.source);
    const layers = map.getStyle().layers;
    map.addLayer(wanted.layer, layers[layers.findIndex((layer) => layer.id === 'borders') + 1]?.id);
  }
  chart.__tiles = key;
  if (chart.__hearsTiles) return;
  chart.__hearsTiles = true;
  const hear = (came) => (event) => {
    if (event.sourceId !== 'tiles' || came && event.tile?.state !== 'loaded') return;
    clearTimeout(chart.__late);
    chart.__tilesCame = missing.hidden = came;
  };
  map.on('error', hear(false));
  map.on('sourcedata', hear(true));
}

// what is on screen, with what a reader elsewhere needs beside it: a ground, a legend, where it comes from
function picture(Plotly, chart, format) {
  const theme = chart.__theme, sheet = inTheme(chart.__told.figure, theme), now = chart._fullLayout;
  const credit = chart.__told.credit;
  Object.assign(sheet.layout, {
    paper_bgcolor: theme['"#010204"'], showlegend: true, width: Math.max(700, chart.clientWidth), height: 560,
    title: {text: chart.__told.label, x: 0.01, font: {size: 15}},
    legend: {orientation: 'h', y: -0.09, yanchor: 'top', x: 0, font: {size: 11}},
    margin: {l: 56, r: 16, t: 40, b: 150},
    annotations: [...sheet.layout.annotations ?? [], {text: credit, x: 0, y: 0, xref: 'paper', yref: 'paper', yshift: -140, xanchor: 'left',
      yanchor: 'bottom', showarrow: false, font: {size: 10}}],
  });
  for (const trace of sheet.data) if (!trace.name || trace.yaxis === 'y3' && trace.mode === 'lines') trace.showlegend = false;
  if (now.map) Object.assign(sheet.layout.map, viewOf(chart));
  else if (now.xaxis) sheet.layout.xaxis.range = now.xaxis.range;
  if (chart.__told.tiles && chart.__tilesCame) {
    const {source, layer} = tileLayer(chart.__told.tiles, theme), style = sheet.layout.map.style;
    style.sources.tiles = source;
    style.layers.push(layer);
    sheet.layout.annotations.at(-1).text += ` · ${chart.parentElement.querySelector('.credit').textContent}`;
  }
  const filename = chart.__told.label.toLowerCase().replace(/[^a-z]+/g, '-');
  const size = {width: sheet.layout.width, height: 560};
  return Plotly.downloadImage(sheet, {format, filename, scale: format === 'png' ? 2 : 1, ...size});
}

function configOf(Plotly, chart, isMap, withTools) {
  return {
    displaylogo: false, showSendToCloud: false, showEditInChartStudio: false, scrollZoom: isMap,
    displayModeBar: withTools, doubleClick: 'reset',
    modeBarButtonsToRemove: ['toImage', 'autoScale2d', 'zoomIn2d', 'zoomOut2d', ...(isMap ? [] : ['lasso2d'])],
    modeBarButtonsToAdd: ['png', 'svg'].map((format) => ({
      name: format, title: `Download as ${format.toUpperCase()}`,
      icon: format === 'png' ? Plotly.Icons.camera : Plotly.Icons.disk,
      click: () => picture(Plotly, chart, format),
    })),
  };
}

export default async function ({data, parentElement, setStateValue, setTriggerValue}) {
  const [chart, note, credit, missing] = ['chart', 'away', 'credit', 'missing'].map((name) => parentElement.querySelector(`.${name}`));
  if (!data.figure) { if (chart) chart.className = ''; await plotly(data.library); return; } // warm_up()
  chart.style.cssText = `width:100%;height:${data.height}px`;
  chart.setAttribute('aria-label', data.spoken ? `${data.label}: ${data.spoken}` : data.label);
  chart.__told = data;
  const Plotly = await plotly(data.library);
  if (chart.__told !== data) return; // a newer figure came while the library was on its way
  chart.__theme = themeOf(parentElement, data);
  const figure = inTheme(data.figure, chart.__theme), isMap = !!figure.layout.map;
  figure.layout.uirevision = data.keep || 'always'; // zoom stays when the data change
  figure.layout.modebar = {bgcolor: 'rgba(0,0,0,0)', color: 'rgba(128,132,149,0.9)', activecolor: '#0072B2'};
  figure.layout.selectionrevision = data.selected ? 'kept' : String(chart.__cleared = (chart.__cleared || 0) + (chart.__had ? 1 : 0));
  if (!data.selected && chart.__had) figure.layout.selections = [];
  chart.__had = data.selected;
  // one configuration for a chart's whole life: Plotly takes another for a reason to make the chart, and its map, anew
  chart.__config ??= configOf(Plotly, chart, isMap, figure.layout.dragmode !== false);
  const sheet = JSON.stringify([figure, data.selected]);
  if (sheet !== chart.__sheet) { // most gestures change one of the charts
    if (isMap && chart.__keep === data.keep) Object.assign(figure.layout.map, viewOf(chart));
    chart.__keep = data.keep;
    chart.__draws = (chart.__draws ?? 0) + 1;
    await Plotly.react(chart, figure.data, figure.layout, chart.__config);
    chart.__draws -= 1;
    chart.__sheet = sheet;
    clearLabels(chart);
    announce(Plotly, chart, note);
  }
  if (isMap) layTiles(chart, data.tiles, credit, missing);
  chart.dataset.ready = String(Number(chart.dataset.ready || 0) + 1); // browser tests wait for this
  if (chart.__listens) return;
  chart.__listens = true;
  let pause, widening;
  new ResizeObserver(() => { // also where the side bar opens, and where the page was not laid out to the end when it was drawn
    clearTimeout(widening);
    widening = setTimeout(() => {
      if (chart.clientWidth && chart.clientWidth !== Math.round(chart._fullLayout.width)) Plotly.Plots.resize(chart);
    }, 100);
  }).observe(chart);
  chart.on('plotly_afterplot', () => clearLabels(chart));
  chart.on('plotly_relayout', (change) => {
    announce(Plotly, chart, note);
    if (!chart.__told.follow || !('map.zoom' in change || 'map.center' in change)) return;
    clearTimeout(pause);
    pause = setTimeout(() => {
      const {zoom, center} = chart._fullLayout.map;
      setStateValue('view', {at: [zoom, center.lat, center.lon], keep: chart.__told.keep});
    }, 400);
  });
  chart.on('plotly_selected', (event) => {
    if (!event || chart.__draws) return; // told also of one that Python holds and that is drawn anew: no gesture
    chart.__had = true;
    const stroke = performance.now(); // the same one drawn again is news where it was cleared meanwhile
    if (event.range?.x) setStateValue('selection', {x: event.range.x, stroke});
    else if (event.range?.map) setStateValue('selection', {map: event.range.map, stroke});
    else if (event.lassoPoints?.map) setStateValue('selection', {lasso: event.lassoPoints.map, stroke});
  });
  chart.on('plotly_deselect', () => setStateValue('selection', null));
  chart.on('plotly_click', (event) => {
    const id = event.points[0]?.customdata;
    if (typeof id === 'string' && id) setTriggerValue('clicked', id);
  });
}
