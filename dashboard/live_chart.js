// See charts.py. One Plotly for all charts of the page.
async function plotly() { // static files are served as text: fetch, then run from a Blob
  window.__plotly ??= (async () => {
    const code = await (await fetch(new URL('app/static/plotly.min.js', document.baseURI))).text();
    const tag = document.createElement('script');
    tag.src = URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
    await new Promise((ok, no) => { tag.onload = ok; tag.onerror = no; document.head.appendChild(tag); });
    return window.Plotly;
  })();
  return window.__plotly;
}

function inTheme(json, element) { // the stand-ins of palette.py -> the theme's colours
  const style = getComputedStyle(element);
  const colour = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const words = {
    '"#010203"': colour('--st-text-color', '#31333f'),
    '"#010204"': colour('--st-background-color', '#ffffff'),
    '"#010205"': colour('--st-secondary-background-color', '#f0f2f6'),
    '"#010206"': 'rgba(128,132,149,0.35)',
    '"@outlines"': new URL('app/static/outlines.geojson', document.baseURI).href,
  };
  for (const [word, value] of Object.entries(words)) json = json.replaceAll(word, JSON.stringify(value));
  return JSON.parse(json);
}

export default async function ({data, parentElement, setStateValue, setTriggerValue}) {
  const chart = parentElement.querySelector('.chart');
  chart.style.cssText = `width:100%;height:${data.height}px`;
  chart.setAttribute('aria-label', data.label);
  const Plotly = await plotly();
  const figure = inTheme(data.figure, parentElement);
  figure.layout.uirevision = 'always'; // zoom stays when the data change
  figure.layout.selectionrevision = data.selected ? 'kept' : String(chart.__cleared = (chart.__cleared || 0) + (chart.__had ? 1 : 0));
  if (!data.selected && chart.__had) figure.layout.selections = [];
  chart.__had = data.selected;
  const bar = {
    displaylogo: false, responsive: true, scrollZoom: !!figure.layout.map,
    toImageButtonOptions: {filename: data.label.toLowerCase().replace(/[^a-z]+/g, '-'), scale: 2},
    modeBarButtonsToRemove: ['lasso2d', 'autoScale2d', 'zoomIn2d', 'zoomOut2d'],
    modeBarButtonsToAdd: [{
      name: 'svg', title: 'Download as SVG', icon: Plotly.Icons.disk,
      click: (plot) => Plotly.downloadImage(plot, {format: 'svg', filename: 'chart'}),
    }],
  };
  await Plotly.react(chart, figure.data, figure.layout, bar);
  chart.dataset.ready = String(Number(chart.dataset.ready || 0) + 1); // browser tests wait for this
  if (chart.__listens) return;
  chart.__listens = true;
  let pause;
  chart.on('plotly_relayout', (change) => {
    if (!('map.zoom' in change || 'map.center' in change)) return;
    clearTimeout(pause);
    pause = setTimeout(() => setStateValue('view', chart._fullLayout.map.zoom), 400);
  });
  chart.on('plotly_selected', (event) => {
    if (!event) return;
    chart.__had = true;
    if (event.range?.x) setStateValue('selection', {x: event.range.x});
    else if (event.range?.map) setStateValue('selection', {map: event.range.map});
    else if (event.lassoPoints?.map) setStateValue('selection', {map: event.lassoPoints.map});
  });
  chart.on('plotly_deselect', () => setStateValue('selection', null));
  chart.on('plotly_click', (event) => {
    const id = event.points[0]?.customdata;
    if (typeof id === 'string' && id) setTriggerValue('clicked', id);
  });
}
