// Drag selection over the hours of a week. The checkboxes hold the values: without this script each is pressed alone.

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export default function grid(fieldset) {
  const table = fieldset.querySelector("table");
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
  const boxes = rows.flat();
  let paint = null; // what a stroke that is being drawn sets: true, false, or null between strokes
  let drawn = false; // whether this stroke has left the hour it began in

  table.classList.add("week-drawn");
  fieldset.querySelector("[data-how]").hidden = false;
  enterAt(boxes[0]);

  table.addEventListener("pointerdown", (event) => {
    const box = boxAt(event);
    if (!box || event.button !== 0) return;
    paint = !box.checked;
    drawn = false;
    table.start = box;
  });

  table.addEventListener("pointermove", (event) => {
    if (paint === null) return;
    const box = boxAt(event);
    if (!box || (box === table.start && !drawn)) return;
    if (!drawn) set(table.start, paint);
    drawn = true;
    set(box, paint);
  });

  // A press that stayed in one hour is the checkbox's own; after a stroke its click would undo the last hour.
  table.addEventListener("click", (event) => {
    if (drawn) event.preventDefault();
    drawn = false;
  }, true);
  window.addEventListener("pointerup", () => { paint = null; });
  window.addEventListener("pointercancel", () => { paint = null; drawn = false; });

  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const from = event.target;
    if (!step || !boxes.includes(from)) return;
    event.preventDefault();
    const to = neighbour(from, step);
    if (!to) return;
    if (event.shiftKey) set(to, from.checked);
    enterAt(to);
    to.focus();
  });
  table.addEventListener("focusin", (event) => {
    if (boxes.includes(event.target)) enterAt(event.target);
  });

  // One stop of the tab key for the whole grid; arrows go on from there.
  function enterAt(box) {
    for (const other of boxes) other.tabIndex = other === box ? 0 : -1;
  }

  function neighbour(box, [down, right]) {
    const at = rows.findIndex((row) => row.includes(box));
    return rows[at + down]?.[rows[at].indexOf(box) + right];
  }

  function boxAt(event) {
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("td");
    const box = cell?.querySelector("input");
    return boxes.includes(box) ? box : null;
  }
}

function set(box, value) {
  if (box.checked === value) return;
  box.checked = value;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}
