"use strict";
const follow = () => {
  for (const dot of document.querySelectorAll(".dots a")) {
    dot.classList.toggle("followed", dot.getAttribute("href") === location.hash);
  }
};
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[id]");
  if (row && !event.target.closest("a")) location.hash = row.id;
});
addEventListener("hashchange", follow);
follow();
