// Draws the figures of the page from their data. Colours follow the reader's light or dark setting.
(function () {
  'use strict';
  const figures = JSON.parse(document.getElementById('figures').textContent);
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const font = 'system-ui, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif';

  // Hues after Okabe and Ito, told apart with any colour vision; lighter ones on dark.
  function theme() {
    return dark.matches
      ? { ink: '#c9d0d8', grid: '#2b313a', zero: '#4a535f', page: '#14171b', tip: '#262c34',
          palette: ['#56b4e9', '#ff9351', '#3ecfa0', '#e3a0cb', '#e8c04a', '#9aa7b5'],
          heat: [[0, '#ff8b42'], [0.25, '#a85a2c'], [0.5, '#23282f'], [0.75, '#2b6f9e'], [1, '#62c0f5']] }
      : { ink: '#3b434d', grid: '#e6e9ed', zero: '#b9c1ca', page: '#ffffff', tip: '#ffffff',
          palette: ['#0072b2', '#d55e00', '#009e73', '#b8578f', '#b58900', '#5a6370'],
          heat: [[0, '#b34a00'], [0.25, '#eba36f'], [0.5, '#f7f7f5'], [0.75, '#74b3da'], [1, '#005a8f']] };
  }

  function axis(spec, t) {
    const a = {
      title: { text: spec.title, standoff: 8, font: { size: 12.5 } }, type: spec.log ? 'log' : 'linear',
      gridcolor: t.grid, zerolinecolor: t.zero, linecolor: t.zero, tickcolor: t.zero, ticks: 'outside', ticklen: 4,
      automargin: true, tickfont: { size: 12 }
    };
    if (spec.log) { Object.assign(a, { exponentformat: 'power', dtick: 1, minor: { dtick: 'D1', showgrid: false } }); }
    if (spec.range) { a.range = spec.range; }
    return a;
  }

  function layout(f, t) {
    return {
      paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', font: { family: font, color: t.ink, size: 12.5 },
      margin: { l: 58, r: 16, t: 30, b: 44 },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom', traceorder: 'normal', font: { size: 12.5 } },
      modebar: { bgcolor: 'rgba(0,0,0,0)', color: t.zero, activecolor: t.ink },
      hoverlabel: { bgcolor: t.tip, bordercolor: t.zero, font: { family: font, color: t.ink, size: 12.5 } },
      shapes: (f.references || []).map(r => ({
        type: 'line', xref: 'paper', x0: 0, x1: 1, yref: 'y', y0: r.y, y1: r.y,
        line: { color: colour(r.colour, t), width: 1.4, dash: 'dash' }
      })),
      // Labels stand right of the plot, where no curve runs. Unlike a shape, a note on a log axis wants the logarithm.
      annotations: (f.references || []).map(r => ({
        text: r.label, xref: 'paper', x: 1, xanchor: 'left', xshift: 4, yref: 'y', y: f.y.log ? Math.log10(r.y) : r.y,
        yanchor: 'middle', showarrow: false, font: { size: 12, color: colour(r.colour, t) }
      }))
    };
  }

  function colour(index, t) { return index < 0 ? t.ink : t.palette[index % t.palette.length]; }

  // So few places are marked on the curve, and named on a logarithmic axis below it.
  const few = 12;

  function lines(f, t) {
    const style = { line: ['lines', 'solid', 1.6], dashed: ['lines', 'dash', 1.5], dots: ['markers', 'solid', 1] };
    const traces = f.series.map(s => ({
      type: 'scatter', name: s.name, x: s.x, y: s.y, connectgaps: false,
      mode: s.x.length <= few && s.stroke !== 'dots' ? 'lines+markers' : style[s.stroke][0],
      line: { color: colour(s.colour, t), width: style[s.stroke][2], dash: style[s.stroke][1] },
      marker: { color: colour(s.colour, t), size: s.stroke === 'dots' ? 3.5 : 5 }, hovertemplate: '%{y:.4~g}'
    }));
    traces.unshift(...(f.bands || []).flatMap(b => band(b, t)));
    const l = layout(f, t);
    l.xaxis = axis(f.x, t); l.yaxis = axis(f.y, t);
    if (f.y.log) { fewDecades(f, l.yaxis); }
    const places = [...new Set(f.series.flatMap(s => s.x))].sort((a, b) => a - b);
    if (f.x.log && places.length <= few) { Object.assign(l.xaxis, { tickmode: 'array', tickvals: places, ticktext: places.map(String), minor: {} }); }
    // The references are in view even where no value comes near.
    l.yaxis.autorangeoptions = { include: (f.references || []).map(r => r.y) };
    if ((f.references || []).length > 0) { l.margin.r = 18 + 7 * Math.max(...f.references.map(r => r.label.length)); }
    l.hovermode = 'x unified'; l.showlegend = f.series.length > 1;
    if (!l.showlegend) { l.margin.t = 12; }
    l.xaxis.unifiedhovertitle = { text: f.x.title + ' %{x}' };
    return [traces, l];
  }

  // Two unseen edges with the space between them filled.
  function band(b, t) {
    const edge = { type: 'scatter', x: b.x, mode: 'lines', line: { width: 0 }, showlegend: false, hoverinfo: 'skip' };
    return [Object.assign({}, edge, { y: b.low }),
            Object.assign({}, edge, { y: b.high, fill: 'tonexty', fillcolor: colour(b.colour, t) + '2e' })];
  }

  // Below two decades the powers of ten alone are too few ticks; above eight they are too many.
  function fewDecades(f, a) {
    const all = f.series.flatMap(s => s.y).concat((f.references || []).map(r => r.y)).filter(y => y > 0);
    const low = all.reduce((m, y) => Math.min(m, y), Infinity), high = all.reduce((m, y) => Math.max(m, y), 0);
    if (high / low > 1e8) { Object.assign(a, { dtick: Math.ceil(Math.log10(high / low) / 8), minor: {} }); }
    if (high / low < 100) { Object.assign(a, { dtick: high / low < 4 ? 'D1' : 'D2', tickformat: '.3~g' }); }
  }

  function heat(f, t) {
    const l = layout(f, t);
    l.xaxis = axis(f.x, t); l.yaxis = axis({ title: f.yTitle }, t);
    Object.assign(l.xaxis, { showgrid: false, zeroline: false });
    Object.assign(l.yaxis, { showgrid: false, zeroline: false, autorange: 'reversed', type: 'category' });
    l.margin.t = 26;
    l.height = 112 + 30 * f.rows.length;
    return [[{
      type: 'heatmap', x: f.columns, y: f.rows, z: f.values, zmin: -1, zmax: 1, zsmooth: false, hoverongaps: false,
      colorscale: t.heat, hovertemplate: '%{y}, ' + f.x.title + ' %{x}<br>' + f.legend + ' %{z:.3f}<extra></extra>',
      colorbar: { title: { text: f.legend, side: 'right', font: { size: 12 } }, thickness: 12, outlinewidth: 0, len: 1.1,
                  tickvals: [-1, 0, 1], tickfont: { size: 12 } }
    }], l];
  }

  function bars(f, t) {
    const traces = f.bars.map(b => ({
      type: 'bar', name: b.name, x: f.categories, y: b.heights, marker: { color: colour(b.colour, t) },
      error_y: { visible: b.spreads.length > 0, array: b.spreads, color: t.ink, thickness: 1.2, width: 3 },
      hovertemplate: '%{y:.4~g}'
    }));
    const l = layout(f, t);
    l.xaxis = axis({ title: '' }, t); l.yaxis = axis(f.y, t);
    l.xaxis.type = 'category'; l.xaxis.showgrid = false;
    Object.assign(l, { barmode: 'group', bargap: 0.28, bargroupgap: 0.08, hovermode: 'x unified' });
    return [traces, l];
  }

  const draw = { lines: lines, heat: heat, bars: bars };
  function drawAll() {
    const t = theme();
    for (const f of figures) {
      const [traces, l] = draw[f.kind](f, t);
      if (l.height) { document.getElementById(f.id).style.height = l.height + 'px'; }
      Plotly.react(f.id, traces, l, {
        responsive: true, displaylogo: false, displayModeBar: 'hover',
        modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'zoomIn2d', 'zoomOut2d']
      });
    }
  }
  drawAll();
  dark.addEventListener('change', drawAll);
})();
