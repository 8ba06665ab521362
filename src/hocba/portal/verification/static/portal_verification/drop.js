// Dropping a file is a comfort: without this script the same form works with a click.
"use strict";
const zone = document.querySelector("[data-drop]");
if (zone) {
  const input = zone.querySelector("input[type=file]");
  const names = zone.querySelector("[data-names]");
  const button = zone.querySelector("button");
  const form = zone.closest("form");
  const label = button.textContent;

  // What the server would refuse is said before megabytes travel.
  const problem = () => {
    const files = Array.from(input.files);
    if (files.length > Number(zone.dataset.most)) return zone.dataset.tooMany;
    return files.some((file) => file.size > Number(zone.dataset.largest)) ? zone.dataset.tooLarge : "";
  };
  const say = () => {
    input.setCustomValidity(problem());
    names.textContent = problem() || Array.from(input.files, (file) => file.name).join(", ");
  };
  const over = (on) => (event) => { event.preventDefault(); zone.classList.toggle("is-over", on); };

  // A file dropped beside the zone must not replace the page.
  for (const type of ["dragover", "drop"]) document.addEventListener(type, (event) => event.preventDefault());
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    say();
    form.requestSubmit();
  });
  input.addEventListener("change", say);
  form.addEventListener("submit", () => { button.textContent = button.dataset.wait; button.disabled = true; });
  // Coming back with the back button finds the form ready again.
  window.addEventListener("pageshow", () => { button.textContent = label; button.disabled = false; });
}
