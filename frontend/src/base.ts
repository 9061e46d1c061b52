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

// The badge of the data in use: `data-poll` is a small address that answers with text/plain, a token that changes when
// anything shown changes. A new token reloads what the element names in data-reload, else the page.
function polls(): void {
  for (const badge of document.querySelectorAll<HTMLElement>("[data-poll]")) {
    const seconds = Number(badge.dataset.pollSeconds ?? "2");
    let known = badge.dataset.token ?? "";
    const ask = async (): Promise<void> => {
      if (!badge.isConnected) return;
      try {
        if (!document.hidden) {
          const answer = await fetch(badge.dataset.poll ?? "", { headers: { Accept: "text/plain" } });
          const token = answer.ok ? (await answer.text()).trim() : known;
          if (known && token && token !== known) {
            known = token;
            badge.dispatchEvent(new CustomEvent("haicap:changed", { bubbles: true, detail: token }));
            return;
          }
          known = token || known;
        }
      } catch {
        // no network: the next question may succeed
      }
      window.setTimeout(() => void ask(), seconds * 1000);
    };
    window.setTimeout(() => void ask(), seconds * 1000);
  }
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
  document.addEventListener("haicap:changed", (event) => {
    const badge = event.target instanceof HTMLElement ? event.target : null;
    const target = badge?.dataset.reload;
    if (!target) window.location.reload();
  });
}
