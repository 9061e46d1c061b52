// The map is a set of links that works by itself. This adds: one tab stop and arrow keys between neighbours, a panel that
// opens beside the map, the nearest commune under a finger, and focus that comes back when the panel closes.
import { hold, isRenewing } from "./base";
import htmx from "./htmx";

const WAYS: Record<string, string> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
// half a finger, in px on the screen
const REACH = 24;

function cells(map: SVGSVGElement): SVGAElement[] {
  return [...map.querySelectorAll<SVGAElement>("a.hex")];
}

function byCode(map: SVGSVGElement, code: string | undefined): SVGAElement | null {
  return code ? map.querySelector<SVGAElement>(`a.hex[data-code="${CSS.escape(code)}"]`) : null;
}

function rove(map: SVGSVGElement, to: SVGAElement): void {
  for (const cell of cells(map)) cell.setAttribute("tabindex", cell === to ? "0" : "-1");
}

function mark(map: SVGSVGElement, cell: SVGAElement | null): void {
  const ring = map.querySelector<SVGGElement>(".map-ring");
  if (!ring) return;
  ring.setAttribute("visibility", cell ? "visible" : "hidden");
  for (const current of map.querySelectorAll("a.hex[aria-current]")) current.removeAttribute("aria-current");
  if (!cell) return;
  cell.setAttribute("aria-current", "true");
  const shape = cell.querySelector(".hex-fill")?.getAttribute("d") ?? "";
  ring.setAttribute("transform", cell.getAttribute("transform") ?? "translate(0 0)");
  for (const path of ring.querySelectorAll("path")) path.setAttribute("d", shape);
}

function nearest(map: SVGSVGElement, x: number, y: number): SVGAElement | null {
  let best: SVGAElement | null = null;
  let least = Infinity;
  for (const cell of cells(map)) {
    const box = cell.getBoundingClientRect();
    const distance = Math.hypot(box.left + box.width / 2 - x, box.top + box.height / 2 - y);
    if (distance < least) {
      least = distance;
      best = cell;
    }
  }
  return best && least <= Math.max(REACH, best.getBoundingClientRect().width / 2) ? best : null;
}

function address(cell: Element): string {
  return cell.getAttribute("href") ?? "";
}

async function open(frame: HTMLElement, link: Element): Promise<void> {
  const target = frame.dataset.panel;
  const href = address(link);
  if (!target || !document.querySelector(target) || isRenewing()) {
    window.location.assign(href);
    return;
  }
  const code = link.getAttribute("data-code") ?? "";
  for (const map of frame.querySelectorAll<SVGSVGElement>("svg.map")) {
    const cell = byCode(map, code);
    mark(map, cell);
    if (cell) rove(map, cell);
  }
  frame.dataset.opened = code;
  const part = htmx.ajax("GET", href, { target, swap: "innerHTML", push: href } as never);
  hold(part);
  await part;
  const panel = document.querySelector<HTMLElement>(target);
  panel?.querySelector<HTMLElement>("[data-panel-title], h2")?.focus();
}

function close(frame: HTMLElement): void {
  const panel = document.querySelector<HTMLElement>(frame.dataset.panel ?? "");
  const button = panel?.querySelector<HTMLAnchorElement>("a[data-panel-close]");
  if (!panel || !button) return;
  const code = frame.dataset.opened ?? button.dataset.code;
  const back = (): void => {
    const map = frame.querySelector<SVGSVGElement>("svg.map");
    if (!map) return;
    mark(map, null);
    byCode(map, code)?.focus();
  };
  void htmx
    .ajax("GET", button.href, { target: frame.dataset.panel, swap: "innerHTML", push: button.href } as never)
    .then(back);
}

function prepare(map: SVGSVGElement): void {
  const all = cells(map);
  const first = map.querySelector<SVGAElement>("a.hex[aria-current]") ?? all[0];
  if (first) rove(map, first);
}

function plainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

function listen(frame: HTMLElement): void {
  frame.addEventListener("keydown", (event) => {
    const cell = event.target instanceof Element ? event.target.closest<SVGAElement>("a.hex") : null;
    const map = cell?.ownerSVGElement;
    const way = WAYS[event.key];
    if (!cell || !map || !way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = byCode(map, cell.dataset[way]);
    if (!next) return;
    rove(map, next);
    next.focus();
  });
  frame.addEventListener("click", (event) => {
    if (!plainClick(event) || !(event.target instanceof Element)) return;
    const map = event.target.closest<SVGSVGElement>("svg.map");
    if (!map) return;
    const hit = event.target.closest<SVGAElement>("a.hex");
    // Enter on a link arrives as a click without a place
    const cell = hit ?? (event.detail > 0 ? nearest(map, event.clientX, event.clientY) : null);
    if (!cell) return;
    event.preventDefault();
    void open(frame, cell);
  });
}

function rows(): void {
  document.addEventListener("click", (event) => {
    if (!plainClick(event) || !(event.target instanceof Element)) return;
    const frame = document.querySelector<HTMLElement>("[data-map]");
    if (!frame) return;
    const closer = event.target.closest("a[data-panel-close]");
    if (closer && frame.dataset.panel) {
      event.preventDefault();
      close(frame);
      return;
    }
    const link = event.target.closest("a[data-panel-open]");
    if (!link || !frame.dataset.panel) return;
    event.preventDefault();
    void open(frame, link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const frame = document.querySelector<HTMLElement>("[data-map]");
    if (frame) close(frame);
  });
}

export function startMaps(): void {
  for (const frame of document.querySelectorAll<HTMLElement>("[data-map]")) {
    for (const map of frame.querySelectorAll<SVGSVGElement>("svg.map")) prepare(map);
    listen(frame);
  }
  rows();
  document.addEventListener("htmx:after:swap", () => {
    for (const map of document.querySelectorAll<SVGSVGElement>("[data-map] svg.map")) {
      if (!map.querySelector('a.hex[tabindex="0"]')) prepare(map);
    }
  });
}
