"use strict";
// The primer's page: the same operations as chingolo/four_pixels.py and chingolo/screen.py, on their numbers.
(() => {
  const data = JSON.parse(document.getElementById("numbers").textContent);
  const byId = (id) => document.getElementById(id);

  // --- the operations -------------------------------------------------------------------------------
  const sum = (v) => v.reduce((a, b) => a + b, 0);
  const dot = (a, b) => sum(a.map((x, k) => x * b[k]));
  const cells = (rows) => rows.flat();

  /** Scalar product of a filter with every piece of a picture, plus a bias. */
  function convolve(picture, filter, bias) {
    const height = filter.length, width = filter[0].length;
    const weights = cells(filter);
    const map = [];
    for (let row = 0; row + height <= picture.length; row++) {
      const line = [];
      for (let column = 0; column + width <= picture[0].length; column++) {
        const piece = picture.slice(row, row + height).flatMap((r) => r.slice(column, column + width));
        line.push(dot(piece, weights) + bias);
      }
      map.push(line);
    }
    return map;
  }

  /** Largest number of each 2 x 2; what does not fill a 2 x 2 is left out, as torch does. */
  function pool(map) {
    const out = [];
    for (let row = 0; row + 2 <= map.length; row += 2) {
      const line = [];
      for (let column = 0; column + 2 <= map[0].length; column += 2) {
        line.push(Math.max(map[row][column], map[row][column + 1], map[row + 1][column], map[row + 1][column + 1]));
      }
      out.push(line);
    }
    return out;
  }

  function softmax(scores) {
    const top = Math.max(...scores);
    const powers = scores.map((s) => Math.exp(s - top));
    const all = sum(powers);
    return powers.map((p) => p / all);
  }

  /** What every layer of a network makes of a picture. */
  function stages(network, picture) {
    const products = network.filters.map((f, k) => convolve(picture, f, network.bias ? network.bias[k] : 0));
    const threshold = network.threshold === null
      ? Math.tanh
      : (x) => (x > network.threshold ? 1 : -1);
    const found = products.map((map) => map.map((line) => line.map(threshold)));
    const pooled = found.map(pool);
    const vector = pooled.flat(2);
    const scores = network.matrix.map((row, k) => dot(row, vector) + (network.matrix_bias ? network.matrix_bias[k] : 0));
    return { products, found, pooled, vector, scores, probabilities: softmax(scores) };
  }

  const four = data.four_pixels;
  const asked = [[four.rising, 4], [four.falling, -4]];
  const error = (w) => sum(asked.map(([x, target]) => (dot(w, x) - target) ** 2)) / asked.length;
  const descend = (w) => {
    const gradient = w.map((_, k) => sum(asked.map(([x, target]) => 2 * (dot(w, x) - target) * x[k])) / asked.length);
    return w.map((value, k) => value - four.learning_rate * gradient[k]);
  };

  // --- what is shown --------------------------------------------------------------------------------
  const shown = (x, digits = 2) => (Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x).toFixed(digits).replace("-", "−");
  const short = (x) => (Number.isInteger(x) ? String(x).replace("-", "−") : shown(x));
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  // Two symbols, four pixels.
  const places = ["top left", "top right", "bottom left", "bottom right"];
  let weights = [...four.blind];
  let trail = [];
  const sliders = places.map((place, k) => {
    const input = make("input", { type: "range", min: -4, max: 4, step: 0.1, "aria-label": `weight ${place}` });
    const output = make("output", {});
    input.addEventListener("input", () => { weights[k] = Number(input.value); trail = []; showFilter(); });
    byId("weights").append(make("label", {}, input, output));
    return { input, output };
  });
  byId("bias").value = four.bias;
  byId("bias").addEventListener("input", () => showFilter());

  const rows = four.pictures.map(({ name, pixels }) => {
    const glyph = make("span", { class: "glyph", "aria-hidden": "true" },
      ...pixels.map((p) => make("span", p > 0 ? { class: "inked" } : {})));
    const score = make("td"), output = make("td");
    const product = pixels.reduce((a, b) => a * b, 1);
    byId("pictures").append(make("tr", {},
      make("th", { scope: "row" }, glyph, name), make("td", {}, short(sum(pixels))), make("td", {}, short(product)), score, output));
    return { pixels, score, output };
  });

  const canvas = byId("surface"), pen = canvas.getContext("2d");
  const edge = 4, scale = canvas.width / (2 * edge);
  const at = (w) => [((w[0] + w[3]) / 2 + edge) * scale, (edge - (w[1] + w[2]) / 2) * scale];
  const ground = (() => {
    const image = pen.createImageData(canvas.width, canvas.height);
    const largest = error([edge, -edge, -edge, edge]);
    for (let y = 0; y < canvas.height; y++) {
      for (let x = 0; x < canvas.width; x++) {
        const outer = x / scale - edge, inner = edge - y / scale;
        const share = (error([outer, inner, inner, outer]) / largest) ** 0.4;
        image.data.set([20 + 225 * share, 40 + 190 * share, 80 + 110 * share, 255], 4 * (y * canvas.width + x));
      }
    }
    return image;
  })();

  function showSurface() {
    pen.putImageData(ground, 0, 0);
    pen.strokeStyle = "white";
    pen.lineWidth = 1.5;
    pen.setLineDash([6, 5]);
    pen.beginPath();
    pen.moveTo(...at([-edge, -edge + 2, -edge + 2, -edge]));
    pen.lineTo(...at([edge, edge + 2, edge + 2, edge]));
    pen.stroke();
    pen.setLineDash([]);
    pen.strokeStyle = pen.fillStyle = "#ff8c2a";
    pen.lineWidth = 3;
    pen.beginPath();
    for (const w of [...trail, weights]) pen.lineTo(...at(w));
    pen.stroke();
    for (const w of trail) { pen.beginPath(); pen.arc(...at(w), 4, 0, 7); pen.fill(); }
    pen.beginPath();
    pen.arc(...at(weights), 9, 0, 7);
    pen.fill();
  }

  function showFilter() {
    const bias = Number(byId("bias").value);
    byId("bias-value").textContent = shown(bias, 1);
    sliders.forEach(({ input, output }, k) => {
      input.value = weights[k];
      input.setAttribute("aria-valuetext", shown(weights[k]));
      output.textContent = shown(weights[k]);
    });
    const outputs = rows.map(({ pixels, score, output }) => {
      const net = dot(weights, pixels);
      const out = Math.max(0, net - bias);
      score.textContent = shown(net);
      output.textContent = shown(out);
      output.className = out > 0 ? "on" : "";
      return out;
    });
    byId("error").textContent = shown(error(weights), 3);
    byId("verdict").textContent = (outputs[0] > 0) === (outputs[1] > 0)
      ? "The unit does not tell / from \\."
      : "The unit answers to one of the two symbols and not to the other.";
    showSurface();
  }
  function walk(steps) {
    for (let k = 0; k < steps; k++) { trail.push(weights); weights = descend(weights); }
    showFilter();
  }
  function start(from) { weights = from; trail = []; showFilter(); }
  byId("step").addEventListener("click", () => walk(1));
  byId("walk").addEventListener("click", () => walk(30));
  byId("blind").addEventListener("click", () => start([...four.blind]));
  byId("random").addEventListener("click", () => start(places.map(() => Math.round(80 * Math.random() - 40) / 10)));

  // A larger screen.
  const height = data.drawings[0].length, width = data.drawings[0][0].length;
  let picture = data.drawings.at(-2).map((row) => [...row]);
  const drawing = byId("drawing");
  drawing.style.gridTemplateColumns = `repeat(${width}, auto)`;
  const pixels = picture.flatMap((line, row) => line.map((_, column) => {
    const button = make("button", { type: "button", "aria-label": `row ${row + 1}, column ${column + 1}`, tabindex: row + column ? -1 : 0 });
    drawing.append(button);
    return button;
  }));
  const indexOf = (button) => pixels.indexOf(button);
  function ink(index, value) {
    picture[Math.floor(index / width)][index % width] = value;
    showScreen();
  }
  let painting = 0; // what a pointer that is down leaves behind: 1, -1, or nothing
  drawing.addEventListener("pointerdown", (event) => {
    const index = indexOf(event.target);
    if (index < 0) return;
    event.preventDefault();
    pixels[index].focus();
    if (event.target.hasPointerCapture(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
    painting = -picture[Math.floor(index / width)][index % width];
    ink(index, painting);
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!painting) return;
    const index = indexOf(document.elementFromPoint(event.clientX, event.clientY));
    if (index >= 0) ink(index, painting);
  });
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => { painting = 0; });
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  drawing.addEventListener("keydown", (event) => {
    const index = indexOf(event.target);
    if (index < 0) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      ink(index, -picture[Math.floor(index / width)][index % width]);
    } else if (event.key in moves) {
      event.preventDefault();
      const [down, right] = moves[event.key];
      const row = Math.floor(index / width) + down, column = index % width + right;
      if (row >= 0 && row < height && column >= 0 && column < width) pixels[row * width + column].focus();
    }
  });
  drawing.addEventListener("focusin", (event) => {
    pixels.forEach((button) => { button.tabIndex = button === event.target ? 0 : -1; });
  });

  data.names.forEach((name, k) => {
    const button = make("button", { type: "button", "aria-label": `draw ${name}` }, name);
    button.addEventListener("click", () => { picture = data.drawings[k].map((row) => [...row]); showScreen(); });
    byId("symbols").append(button);
  });
  byId("flip").addEventListener("click", () => {
    picture = picture.map((row) => row.map((p) => (Math.random() < 0.1 ? -p : p)));
    showScreen();
  });
  byId("clear").addEventListener("click", () => {
    picture = picture.map((row) => row.map(() => -1));
    showScreen();
  });
  for (const radio of document.getElementsByName("network")) radio.addEventListener("change", showScreen);

  const bars = data.names.map((name) => {
    const fill = make("div", { class: "fill" }), value = make("span");
    byId("probabilities").append(make("div", { class: "bar" }, make("b", {}, name), make("div", { class: "track" }, fill), value));
    return { fill, value };
  });

  function colour(cell, value, limit) {
    const share = Math.min(1, Math.abs(value) / limit);
    cell.style.background = value > 0 ? `rgb(0 96 160 / ${share})` : `rgb(213 94 0 / ${0.55 * share})`;
    if (value > 0 && share > 0.6) cell.style.color = "white";
  }
  function table(caption, lines, limit, heads = []) {
    const out = make("table", { class: "map" }, make("caption", {}, caption));
    lines.forEach((line, k) => {
      const row = make("tr");
      if (heads.length) row.append(make("th", { scope: "row" }, heads[k]));
      for (const value of line) {
        const cell = make("td", {}, short(value));
        colour(cell, value, limit);
        row.append(cell);
      }
      out.append(row);
    });
    return out;
  }
  const largest = (values) => Math.max(1e-9, ...values.map(Math.abs));

  function showScreen() {
    const chosen = [...document.getElementsByName("network")].find((radio) => radio.checked).value;
    const network = data.networks[chosen];
    const seen = stages(network, picture);
    pixels.forEach((button, k) => button.setAttribute("aria-pressed", String(picture[Math.floor(k / width)][k % width] > 0)));
    const limit = 4 * largest(network.filters.flat(2));
    byId("layers").replaceChildren(...network.filters.map((filter, k) => make("div", { class: "filter" },
      table(`filter ${k + 1}`, filter, largest(filter.flat())),
      table(network.bias ? `scalar products ${network.bias[k] < 0 ? "−" : "+"} ${shown(Math.abs(network.bias[k]))}` : "scalar products", seen.products[k], limit),
      table(network.threshold === null ? "found? (soft threshold)" : `found? (above ${network.threshold})`, seen.found[k], 1),
      table("pooled", seen.pooled[k], 1))));
    byId("matrix").replaceChildren(
      table("vector", [seen.vector], 1, ["vector"]),
      table("matrix", network.matrix, largest(network.matrix.flat()), data.names.map((name, k) => `${name}: score ${shown(seen.scores[k])}`)));
    const best = seen.probabilities.indexOf(Math.max(...seen.probabilities));
    bars.forEach(({ fill, value }, k) => {
      fill.style.width = `${100 * seen.probabilities[k]}%`;
      value.textContent = `${shown(100 * seen.probabilities[k], 1)} %`;
    });
    byId("answer").textContent = `It looks like ${data.names[best]}.`;
  }

  window.primer = { stages, error, descend, data };
  showFilter();
  showScreen();
})();
