// Dropping a file is a comfort: without this script the same form works with a click.
"use strict";
const zone = document.querySelector("[data-drop]");
if (zone) {
  const input = zone.querySelector("input[type=file]");
  const names = zone.querySelector("[data-names]");
  const form = zone.closest("form");
  const say = () => { names.textContent = Array.from(input.files, (file) => file.name).join(", "); };
  const over = (on) => (event) => { event.preventDefault(); zone.classList.toggle("is-over", on); };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; say(); form.requestSubmit(); }
  });
  input.addEventListener("change", say);
  form.addEventListener("submit", () => { zone.querySelector("button").textContent = "Đang kiểm tra…"; });
}
