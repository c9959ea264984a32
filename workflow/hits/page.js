"use strict";
// The chart of old songs: nothing here is computed but its order and its words.
(() => {
  const data = JSON.parse(document.getElementById("numbers").textContent);
  const byId = (id) => document.getElementById(id);

  const TEXTS = {
    en: {
      skip: "Skip to the chart",
      title: "The hits of the sixties: are they still sung?",
      about: "Each song below was noted by hand. A model of the bird’s vocal organ sings the note; networks that learned from synthetic songs only say which of today’s songs it is, or none. Listen to both.",
      search: "Search", sort: "Sort by", world: "Which songs",
      sorts: { rank: "birds noted", probability: "how likely it is still sung", sketch: "name", verdict: "today’s song" },
      worlds: { simulated: "simulated park", songs: "real recordings", field: "own study" },
      notes: {
        simulated: "Everything here is simulated: birds, notebook and songs. So the truth is known.",
        songs: "Today’s songs are real recordings (xeno-canto); the notebook is a stand-in, traced from other songs of the same birds, because that of the sixties is not public.",
        field: "The study’s own recordings and sketches.",
      },
      count: (n, all) => `${n} of ${all} songs`,
      birds: (n) => (n === 1 ? "noted from one bird" : `noted from ${n} birds`),
      yes: "still sung", no: "not found today",
      certain: (p) => (p >= 0.95 ? "almost certainly" : p >= 0.75 ? "probably" : p >= 0.5 ? "perhaps" : p >= 0.25 ? "probably not" : "almost certainly not"),
      match: (v, p, words) => `It is ${words} today’s ${v} (probability ${p}).`,
      none: (v, p) => `The nearest of today’s songs is ${v}, but the judge does not take them for one (probability ${p}).`,
      detail: (h, f) => `Notes ${h.notes || "?"}; range over networks and strokes ${f(h.low)}–${f(h.high)}; chance of a foreign song scoring as high p = ${f(h.p)}, over the whole notebook q = ${f(h.q)}.`,
      truth: (t) => (t === "none" ? "In truth none of today’s." : `In truth ${t}.`),
      drawing: (n) => `${n} as it was drawn`,
      old: "The old song, sung by the model", today: (n) => `Today’s ${n}`,
      spectrogram: (n) => `Spectrogram: ${n}`,
      play: "Play", stop: "Stop", playing: (n) => `Play: ${n}`,
      credit: (c) => [`${c.recordist || "recordist unknown"}`, c.site, c.date, c.recording, c.licence].filter(Boolean).join(" · "),
      withheld: "The licence of today’s recording allows no excerpt.", link: "the whole recording",
      synthetic: "synthetic", empty: "The notebook is empty.", nothing: "No song is found by these words.",
      footer: "From chingolo, a study of the songs of the rufous-collared sparrow. The paper says how it was done and what it cannot say.",
    },
    es: {
      skip: "Ir a la lista",
      title: "Los éxitos de los sesenta: ¿se cantan todavía?",
      about: "Cada canto de esta lista fue anotado a mano. Un modelo del órgano vocal del ave canta la nota; redes que aprendieron solo de cantos sintéticos dicen cuál de los cantos de hoy es, o ninguno. Escuche ambos.",
      search: "Buscar", sort: "Ordenar por", world: "Qué cantos",
      sorts: { rank: "aves anotadas", probability: "qué tan probable es que se cante", sketch: "nombre", verdict: "canto de hoy" },
      worlds: { simulated: "parque simulado", songs: "grabaciones reales", field: "estudio propio" },
      notes: {
        simulated: "Aquí todo es simulado: aves, cuaderno y cantos. Por eso se conoce la verdad.",
        songs: "Los cantos de hoy son grabaciones reales (xeno-canto); el cuaderno es un sustituto, calcado de otros cantos de las mismas aves, porque el de los sesenta no es público.",
        field: "Las grabaciones y los dibujos del propio estudio.",
      },
      count: (n, all) => `${n} de ${all} cantos`,
      birds: (n) => (n === 1 ? "anotado de un ave" : `anotado de ${n} aves`),
      yes: "se canta todavía", no: "hoy no se encuentra",
      certain: (p) => (p >= 0.95 ? "casi con seguridad" : p >= 0.75 ? "probablemente" : p >= 0.5 ? "tal vez" : p >= 0.25 ? "probablemente no" : "casi seguro que no"),
      match: (v, p, words) => `Es ${words} el canto de hoy ${v} (probabilidad ${p}).`,
      none: (v, p) => `El canto de hoy más cercano es ${v}, pero el juez no los toma por el mismo (probabilidad ${p}).`,
      detail: (h, f) => `Notas ${h.notes || "?"}; intervalo entre redes y trazos ${f(h.low)}–${f(h.high)}; azar de que un canto ajeno llegue tan alto p = ${f(h.p)}, sobre todo el cuaderno q = ${f(h.q)}.`,
      truth: (t) => (t === "none" ? "En verdad, ninguno de los de hoy." : `En verdad, ${t}.`),
      drawing: (n) => `${n} como fue dibujado`,
      old: "El canto de antes, cantado por el modelo", today: (n) => `${n}, de hoy`,
      spectrogram: (n) => `Espectrograma: ${n}`,
      play: "Escuchar", stop: "Parar", playing: (n) => `Escuchar: ${n}`,
      credit: (c) => [`${c.recordist || "autor desconocido"}`, c.site, c.date, c.recording, c.licence].filter(Boolean).join(" · "),
      withheld: "La licencia de la grabación de hoy no permite extractos.", link: "la grabación entera",
      synthetic: "sintético", empty: "El cuaderno está vacío.", nothing: "Ningún canto tiene estas palabras.",
      footer: "De chingolo, un estudio de los cantos del chingolo. El artículo dice cómo se hizo y qué no puede decir.",
    },
  };

  const worlds = Object.keys(data);
  const state = {
    language: (navigator.language || "en").toLowerCase().startsWith("es") ? "es" : "en",
    world: worlds[0], sort: "rank", search: "",
  };
  const t = () => TEXTS[state.language];
  const number = (x) => new Intl.NumberFormat(state.language, { maximumSignificantDigits: 2 }).format(x);

  function make(name, attributes = {}, ...inside) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  }

  // --- sound: one song at a time, a cursor over its spectrogram ---------------------------------------
  let playing = null;

  function stop() {
    if (!playing) return;
    const { audio, button, cursor, text } = playing;
    playing = null;
    audio.pause();
    audio.currentTime = 0;
    cursor.style.left = "0";
    button.textContent = text;
    button.setAttribute("aria-pressed", "false");
  }

  function follow() {
    if (!playing) return;
    const { audio, cursor, seconds } = playing;
    cursor.style.left = `${Math.min(100, (100 * audio.currentTime) / seconds)}%`;
    requestAnimationFrame(follow);
  }

  function soundOf(song, label, extra) {
    const folder = `${state.world}/`;
    const longest = Math.max(...data[state.world].flatMap((h) => [h.old, h.today]).filter(Boolean).map((s) => s.seconds));
    const cursor = make("div", { class: "cursor", "aria-hidden": "true" });
    const picture = make("img", { src: folder + song.spectrogram, alt: t().spectrogram(label), loading: "lazy" });
    const wave = make("div", { class: "wave" }, picture, cursor);
    wave.style.width = `${(100 * song.seconds) / longest}%`;
    const audio = make("audio", { src: folder + song.sound, preload: "none" });
    const button = make("button", { type: "button", "aria-pressed": "false", "aria-label": t().playing(label) }, `▶ ${t().play}`);
    button.addEventListener("click", () => {
      const again = playing && playing.button === button;
      stop();
      if (again) return;
      playing = { audio, button, cursor, seconds: song.seconds, text: `▶ ${t().play}` };
      button.textContent = `■ ${t().stop}`;
      button.setAttribute("aria-pressed", "true");
      audio.play().then(follow, stop);
    });
    audio.addEventListener("ended", stop);
    const row = make("div", { class: "row" }, button, make("span", { class: "detail" }, label));
    return make("div", { class: "sound" }, wave, row, audio, ...(extra ? [extra] : []));
  }

  // --- the chart ---------------------------------------------------------------------------------------
  function card(hit) {
    const found = hit.verdict !== "none";
    const title = make("h2", {}, make("span", { class: "rank" }, `${hit.rank}.`), hit.sketch);
    const verdict = make("p", { class: "verdict" },
      make("strong", { class: found ? "yes" : "no" }, found ? t().yes : t().no), ` · ${t().birds(hit.birds)}`);
    const p = number(hit.probability);
    const plain = make("p", { class: "verdict" },
      found ? t().match(hit.nearest, p, t().certain(hit.probability)) : t().none(hit.nearest, p),
      ...(hit.truth ? [` ${t().truth(hit.truth)}`] : []));
    const words = make("div", { class: "words" }, title, verdict, plain, make("p", { class: "detail" }, t().detail(hit, number)));
    const drawing = make("figure", { class: "drawing" },
      make("img", { src: `${state.world}/${hit.drawing}`, alt: t().drawing(hit.sketch), loading: "lazy" }),
      make("figcaption", {}, t().drawing(hit.sketch)));
    const sounds = make("div", {}, soundOf(hit.old, t().old));
    let credit = null;
    if (hit.credit.recording) {
      credit = make("p", { class: "detail" }, t().credit(hit.credit));
      if (/^https:/.test(hit.credit.url)) credit.append(" · ", make("a", { href: hit.credit.url, rel: "noreferrer" }, t().link));
    }
    if (hit.today) {
      const label = t().today(hit.nearest) + (hit.credit.recording ? "" : ` (${t().synthetic})`);
      sounds.append(soundOf(hit.today, label, credit));
    } else {
      sounds.append(make("p", { class: "detail" }, t().withheld), ...(credit ? [credit] : []));
    }
    return make("li", {}, make("article", { class: "hit" }, words, drawing, sounds));
  }

  function matches(hit) {
    const said = [hit.sketch, hit.nearest, hit.notes, hit.verdict === "none" ? t().no : t().yes, hit.credit.site, hit.credit.recordist];
    const all = said.filter(Boolean).join(" ").toLowerCase();
    return state.search.toLowerCase().split(/\s+/).every((word) => all.includes(word));
  }

  const ORDERS = {
    rank: (a, b) => a.rank - b.rank || b.probability - a.probability,
    probability: (a, b) => b.probability - a.probability,
    sketch: (a, b) => a.sketch.localeCompare(b.sketch),
    verdict: (a, b) => (a.verdict === "none") - (b.verdict === "none") || a.nearest.localeCompare(b.nearest),
  };

  function list() {
    stop();
    const all = data[state.world];
    const shown = all.filter(matches).sort(ORDERS[state.sort]);
    byId("chart").replaceChildren(...shown.map(card));
    byId("count").textContent = all.length === 0 ? t().empty : shown.length ? t().count(shown.length, all.length) : t().nothing;
  }

  function write() {
    document.documentElement.lang = state.language;
    document.title = t().title;
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = t()[element.dataset.text];
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === state.language));
    }
    byId("sort").replaceChildren(...Object.entries(t().sorts).map(([key, text]) => make("option", { value: key }, text)));
    byId("sort").value = state.sort;
    const choices = worlds.map((world) => {
      const button = make("button", { type: "button", "aria-pressed": String(world === state.world) }, t().worlds[world]);
      button.addEventListener("click", () => { state.world = world; write(); byId("worlds").querySelector('[aria-pressed="true"]').focus(); });
      return button;
    });
    byId("worlds").querySelector("div")?.remove();
    byId("worlds").append(make("div", {}, ...choices));
    byId("worlds").hidden = worlds.length < 2;
    byId("world-note").textContent = t().notes[state.world];
    list();
  }

  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => { state.language = button.dataset.language; write(); });
  }
  byId("search").addEventListener("input", () => { state.search = byId("search").value; list(); });
  byId("sort").addEventListener("change", () => { state.sort = byId("sort").value; list(); });
  document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  write();
})();
