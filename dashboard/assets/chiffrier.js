// Light or dark: what the reader last chose here, else what their system prefers. `clicks` counts the button's.
let refreshed = null;
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  chiffrier: {
    scheme(clicks) {
      const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      const scheme = localStorage.getItem("chiffrier-scheme") || system;
      if (!clicks) return scheme;
      const other = scheme === "dark" ? "light" : "dark";
      localStorage.setItem("chiffrier-scheme", other);
      return other;
    },
    // The figure that the address names comes into view. The field for files has no name of its own.
    reveal() {
      document.querySelector("#dropped input")?.setAttribute("aria-label", "Déposez des fichiers ou choisissez-les");
      requestAnimationFrame(() => document.querySelector("#text mark.here")?.scrollIntoView({ block: "center" }));
      return "";
    },
    // The filters of the grid's own rows live in the address: what it holds of another page is thrown away.
    refresh(search) {
      const filters = new URLSearchParams(search);
      filters.delete("chiffre");
      const stale = refreshed !== null && refreshed !== filters.toString();
      refreshed = filters.toString();
      if (stale) window.dash_ag_grid?.getApiAsync("grid").then((grid) => grid.purgeInfiniteCache(), () => {});
      return window.dash_clientside.no_update;
    },
    calm: () => "",
    png: (clicks) => picture(clicks, "png"),
    svg: (clicks) => picture(clicks, "svg"),
  },
});

// The chart as an image, made in the browser: nothing is sent anywhere.
function picture(clicks, format) {
  const plot = document.querySelector("#chart .js-plotly-plot");
  if (clicks && plot && plot.data) {
    const { width, height } = plot.getBoundingClientRect();
    const background = getComputedStyle(document.querySelector("main > section")).backgroundColor;
    const { data, layout } = plot;
    const drawn = { data, layout: { ...layout, paper_bgcolor: background, width, height } };
    Plotly.downloadImage(drawn, { format, width, height, scale: 2, filename: "chiffrier" });
  }
  return window.dash_clientside.no_update;
}

// p and n go to the figure before and after, wherever no text is being written.
addEventListener("keydown", (event) => {
  const link = { p: "before", n: "after" }[event.key];
  if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, [contenteditable]")) return;
  document.getElementById(link)?.click();
});

// The menu of downloads closes when something was chosen, when one clicks elsewhere, and on Escape.
addEventListener("click", (event) => {
  const menu = document.getElementById("downloads");
  if (menu && (event.target.closest("#downloads button") || !event.target.closest("#downloads"))) menu.open = false;
});
addEventListener("keydown", (event) => {
  const menu = document.getElementById("downloads");
  if (event.key === "Escape" && menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
