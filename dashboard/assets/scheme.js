// Light or dark: what the reader last chose here, else what their system prefers. `clicks` counts the button's.
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
  },
});
