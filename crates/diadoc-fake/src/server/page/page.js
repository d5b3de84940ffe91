"use strict";
// Rows of a list that is open, as they come. Without this script the list is what it was when the page
// was made.
for (const list of document.querySelectorAll("[data-live]")) {
  const rows = list.querySelector("tbody");
  const most = Number(list.dataset.most);
  const news = document.getElementById(list.dataset.news);
  const pause = document.getElementById(list.dataset.pause);
  const empty = document.getElementById(list.dataset.empty);
  let source = null;
  const listen = () => {
    const first = rows.querySelector("tr");
    const last = first ? first.dataset.number : list.dataset.live;
    source = new EventSource("/_/requests/live?after=" + last + "&lang=" + document.documentElement.lang);
    source.addEventListener("fake", (event) => {
      if (event.data !== list.dataset.fake) location.reload();
    });
    source.onmessage = (event) => {
      const template = document.createElement("template");
      template.innerHTML = event.data;
      const row = template.content.firstElementChild;
      const old = document.getElementById(row.id);
      if (old) {
        old.replaceWith(row);
      } else {
        const later = [...rows.children].find((one) => Number(one.dataset.number) < Number(row.dataset.number));
        rows.insertBefore(row, later || null);
      }
      while (rows.children.length > most) rows.lastElementChild.remove();
      list.hidden = false;
      if (empty) empty.hidden = true;
      news.textContent = row.dataset.news;
    };
  };
  pause.hidden = false;
  pause.addEventListener("click", () => {
    const paused = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", String(paused));
    if (paused) source.close();
    else listen();
  });
  listen();
}
