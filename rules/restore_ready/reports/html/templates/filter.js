// Sorts tables and filters the findings. Without it everything is shown; the filter's state stands in the address.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  const shown = (row, column) => row.children[column].dataset.v || row.children[column].textContent;

  function sortBy(table, heading, column) {
    const up = heading.getAttribute("aria-sort") !== "ascending";
    all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    for (const body of all("tbody", table)) {
      const rows = all("tr:not(.group)", body);
      rows.sort((a, b) => (up ? 1 : -1) * shown(a, column).localeCompare(shown(b, column), undefined, { numeric: true }));
      body.append(...rows);
    }
  }

  for (const table of all("table[data-sort]")) {
    all("thead th", table).forEach((heading, column) => {
      if (!("k" in heading.dataset)) return;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      heading.replaceChildren(button);
      button.addEventListener("click", () => sortBy(table, heading, column));
    });
  }

  const form = document.getElementById("filter");
  if (!form) return;
  const rows = all("tr[data-c]");
  const boxes = all("[name=severity]", form);

  function fits(row, severities, text) {
    const { c: code, s: severity, f: files } = row.dataset;
    return severities.includes(severity) && (!form.rule.value || code === form.rule.value) &&
      (!form.fs.value || `|${files}|`.includes(`|${form.fs.value}|`)) &&
      (!text || `${row.textContent} ${code}`.toLowerCase().includes(text));
  }

  function filter() {
    const severities = boxes.filter((box) => box.checked).map((box) => box.value);
    const text = form.text.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !fits(row, severities, text);
    for (const section of all(".rule")) {
      section.hidden = !section.querySelector("tr[data-c]:not([hidden])");
      for (const table of all("table", section)) table.hidden = !table.querySelector("tr[data-c]:not([hidden])");
    }
    form.querySelector("output").textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} findings`;
    remember(severities, text);
  }

  function remember(severities, text) {
    const state = new URLSearchParams();
    if (severities.length < boxes.length) state.set("severity", severities.join(" "));
    for (const [name, value] of [["rule", form.rule.value], ["fs", form.fs.value], ["text", text]]) {
      if (value) state.set(name, value);
    }
    const plain = location.hash.includes("?") ? "#findings" : location.hash;
    try {
      history.replaceState(null, "", `${state}` ? `#findings?${state}` : location.pathname + location.search + plain);
    } catch { /* some browsers keep the address of files as it is */ }
  }

  form.hidden = false;
  const before = location.hash.split("?")[1];
  if (before) {
    const state = new URLSearchParams(before);
    if (state.has("severity")) boxes.forEach((box) => { box.checked = state.get("severity").split(" ").includes(box.value); });
    for (const name of ["rule", "fs", "text"]) form[name].value = state.get(name) || "";
  }
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
  if (before) document.getElementById("findings").scrollIntoView();
})();
