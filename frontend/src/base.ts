// Small things of every page. Everything here is an improvement: without it the page still works.

function closeMenus(except?: Element | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

function menus(): void {
  document.addEventListener("click", (event) => {
    closeMenus(event.target instanceof Element ? event.target.closest("details.menu") : null);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector<HTMLDetailsElement>("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector<HTMLElement>("summary")?.focus();
    event.stopImmediatePropagation();
  });
}

function say(text: string): void {
  const place = document.getElementById("spoken");
  if (!place) return;
  place.textContent = text;
  place.hidden = false;
  window.setTimeout(() => {
    place.hidden = true;
    place.textContent = "";
  }, 4000);
}

async function copy(button: HTMLElement): Promise<void> {
  const address = new URL(button.dataset.copy || window.location.href, window.location.href).href;
  try {
    await navigator.clipboard.writeText(address);
    say(button.dataset.copied ?? "");
  } catch {
    // plain http has no clipboard: show the address, selected, ready for Ctrl+C
    const field = document.createElement("input");
    field.className = "govuk-input";
    field.readOnly = true;
    field.value = address;
    field.setAttribute("aria-label", button.textContent?.trim() ?? "");
    button.replaceWith(field);
    field.select();
  }
}

function clicks(): void {
  document.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target : null;
    if (at?.closest("[data-print]")) window.print();
    const copier = at?.closest<HTMLElement>("[data-copy]");
    if (copier) void copy(copier);
  });
}

function pickers(): void {
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLSelectElement)) return;
    const form = field.closest<HTMLFormElement>("form[data-submit-on-change]");
    form?.requestSubmit();
  });
}

const FOCUS = "haicap.focus";

function focusName(): string {
  const at = document.activeElement;
  const code = at?.closest("svg.map") ? at.getAttribute("data-code") : null;
  if (code) return `#${CSS.escape(at?.closest("svg.map")?.id ?? "")} [data-code="${CSS.escape(code)}"]`;
  return at?.id ? `#${CSS.escape(at.id)}` : "";
}

// Somebody has clicked and waits for the next page: a reload now would throw the click away.
const LEAVING = 10_000;
let leaving = 0;
window.addEventListener("beforeunload", () => {
  leaving = Date.now() + LEAVING;
});

// A part of the page that is on its way is a click too; one that comes when the page is already being renewed has to
// name the address itself, since the new page would come back to the old one.
let awaited = 0;
let renewing = false;

export function isRenewing(): boolean {
  return renewing;
}

export function hold(part: Promise<unknown>): void {
  awaited += 1;
  void part.finally(() => {
    awaited -= 1;
  });
}

// A new page for new figures, but never under the hands of somebody who is typing, choosing or on the way out.
function renew(): void {
  const busy = awaited > 0 || Date.now() < leaving || document.querySelector("input:focus, select:focus, textarea:focus, details.menu[open]");
  if (busy) {
    window.setTimeout(renew, 2000);
    return;
  }
  try {
    window.sessionStorage.setItem(FOCUS, focusName());
  } catch {
    // a browser that keeps nothing: focus begins at the top
  }
  renewing = true;
  window.location.reload();
}

export function returnFocus(): void {
  try {
    const name = window.sessionStorage.getItem(FOCUS);
    window.sessionStorage.removeItem(FOCUS);
    if (name) document.querySelector<HTMLElement>(name)?.focus({ preventScroll: true });
  } catch {
    // nothing was kept
  }
}

// The badge of the figures in use: `data-poll` is a small address that answers in text/plain with a token that changes
// when anything shown changes. `data-token` is the token of this page.
function polls(): void {
  const badge = document.querySelector<HTMLElement>("[data-poll]");
  if (!badge) return;
  const milliseconds = Number(badge.dataset.pollSeconds ?? "2") * 1000;
  let known = badge.dataset.token ?? "";
  const ask = async (): Promise<void> => {
    try {
      if (!document.hidden) {
        const answer = await fetch(badge.dataset.poll ?? "", { headers: { Accept: "text/plain" }, redirect: "error" });
        const token = answer.ok ? (await answer.text()).trim() : known;
        if (known && token && token !== known) {
          renew();
          return;
        }
        known = token || known;
      }
    } catch {
      // no network, or signed out: the next question may succeed
    }
    window.setTimeout(() => void ask(), milliseconds);
  };
  window.setTimeout(() => void ask(), milliseconds);
}

function focusErrors(): void {
  document.querySelector<HTMLElement>(".govuk-error-summary")?.focus();
}

export function startBase(): void {
  document.documentElement.classList.add("has-js");
  menus();
  clicks();
  pickers();
  polls();
  focusErrors();
}
