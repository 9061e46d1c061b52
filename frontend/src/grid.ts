// Entry point of the reporting grid. The page is a form that works without this; here it saves by itself, survives a
// lost network and a closed browser, moves with the keyboard and takes columns from a spreadsheet.
import "./grid.scss";
import { Keys } from "./grid/keys";
import { countDown } from "./grid/deadline";
import { Paint } from "./grid/paint";
import { Queue } from "./grid/queue";
import { Sender, type Answer, type Trouble } from "./grid/sender";

class Grid {
  private readonly paint: Paint;
  private readonly queue: Queue;
  private readonly sender: Sender;
  private readonly lang: string;
  /** the stored version of each cell as of the last answer */
  private readonly versions = new Map<string, number>();

  constructor(private readonly form: HTMLFormElement) {
    this.paint = new Paint(form);
    this.queue = new Queue(`haicap.grid.${form.dataset.owner ?? ""}.${window.location.pathname}`);
    this.lang = this.field("lang");
    this.sender = new Sender(form.dataset.save ?? "", () => this.field("csrfmiddlewaretoken"), this.queue, {
      saving: () => this.mark(this.words("saving"), false),
      answered: (answer) => this.answered(answer),
      trouble: (kind, words) => this.trouble(kind, words),
    });
    new Keys(form, {
      changed: (cell) => this.changed(cell),
      restore: (cell) => this.restore(cell),
      pasted: (count, undo) => this.pasted(count, undo),
      undone: () => this.tell(this.words("undone")),
    });
    this.listen();
    this.resume();
  }

  private field(name: string): string {
    return this.form.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value ?? "";
  }

  private words(name: string): string {
    return this.form.getAttribute(`data-t-${name}`) ?? "";
  }

  private listen(): void {
    this.form.addEventListener("input", (event) => {
      if (event.target instanceof HTMLInputElement) this.edited(event.target);
    });
    this.form.addEventListener("focusin", (event) => this.about(event.target));
    this.form.addEventListener("focusout", (event) => this.leave(event.target));
    this.form.addEventListener("click", (event) => this.click(event));
    this.form.addEventListener("keydown", (event) => this.enterInReason(event));
    window.addEventListener("online", () => this.sender.soon(0));
    window.addEventListener("focus", () => this.sender.soon(0));
    window.addEventListener("pagehide", () => void this.sender.send(true));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) void this.sender.send(true);
    });
  }

  private edited(input: HTMLInputElement): void {
    if (input.dataset.cell !== undefined) this.changed(input);
    else if (input.dataset.none !== undefined) {
      const cell = this.paint.input(input.dataset.none);
      if (cell) {
        if (input.value.trim()) cell.value = "";
        this.changed(cell, true);
      }
    }
  }

  private changed(cell: HTMLInputElement, byReason = false): void {
    const element = cell.dataset.cell ?? "";
    const none = this.paint.none(element);
    if (cell.value.trim() && none && !byReason) {
      none.value = "";
      const box = none.closest("details");
      if (box) box.open = false;
    }
    const before = this.queue.get(element);
    const base = before ? before.b : Number(this.paint.base(element)?.value ?? "0");
    this.queue.put(element, { t: cell.value, r: cell.value.trim() ? "" : (none?.value ?? ""), b: base, lang: this.lang });
    this.mark(this.words("saving"), false);
    this.sender.soon();
  }

  private restore(cell: HTMLInputElement): void {
    if (cell.value === cell.defaultValue) return;
    cell.value = cell.defaultValue;
    this.changed(cell);
  }

  private leave(target: EventTarget | null): void {
    if (!(target instanceof HTMLInputElement) || target.dataset.cell === undefined) return;
    const element = target.dataset.cell;
    const waiting = this.queue.get(element) !== undefined;
    this.paint.left(element, waiting);
    if (waiting) this.sender.soon(100);
    else target.value = target.defaultValue;
  }

  private answered(answer: Answer): void {
    for (const [element, row] of Object.entries(answer.rows)) {
      this.versions.set(element, row.v);
      const input = this.paint.input(element);
      // the stored text is what Escape and leaving the cell come back to
      if (input && !this.queue.get(element)) input.defaultValue = row.t;
    }
    this.paint.answer(answer, (element) => this.queue.get(element) !== undefined);
    this.notice("");
    this.mark(answer.saved, true);
  }

  private trouble(kind: Trouble, words: string): void {
    this.mark(this.words("unsaved"), false);
    this.notice(words || this.words(kind));
  }

  private mark(words: string, saved: boolean): void {
    const place = document.getElementById("saved");
    const text = place?.querySelector("[data-saved]");
    if (!place || !text || !words) return;
    const done = saved && this.sender.idle;
    const shown = saved && !done ? this.words("unsaved") : words;
    if (text.textContent !== shown) text.textContent = shown;
    place.classList.toggle("is-waiting", !done);
  }

  private notice(words: string): void {
    const place = document.querySelector<HTMLElement>("[data-offline]");
    const text = document.querySelector("[data-offline-text]");
    if (!place || !text) return;
    text.textContent = words;
    place.hidden = words === "";
  }

  private click(event: MouseEvent): void {
    const at = event.target instanceof Element ? event.target.closest<HTMLElement>("button, a") : null;
    if (!at) return;
    const { mine, theirs, instead, text } = at.dataset;
    const element = mine ?? theirs ?? instead;
    if (element !== undefined) {
      event.preventDefault();
      this.decide(element, text ?? "");
    } else if (at.matches("[data-ready][aria-disabled]")) {
      event.preventDefault();
      document.querySelector<HTMLElement>("#part-missing a")?.click();
    } else if (at instanceof HTMLAnchorElement && at.hash.startsWith("#v-")) {
      event.preventDefault();
      const cell = document.getElementById(at.hash.slice(1));
      if (cell instanceof HTMLInputElement) {
        cell.focus();
        cell.select();
      }
    }
  }

  /** A conflict was decided, or the likely figure taken: it now rests on the version shown beside it. */
  private decide(element: string, text: string): void {
    const input = this.paint.input(element);
    if (!input) return;
    const shown = this.versions.get(element);
    const base = this.paint.base(element);
    if (base && shown !== undefined) base.value = String(shown);
    this.queue.drop(element);
    this.sender.release(element);
    input.value = text;
    this.changed(input);
    input.focus();
    this.sender.soon(0);
  }

  private enterInReason(event: KeyboardEvent): void {
    const field = event.target;
    if (event.key !== "Enter" || !(field instanceof HTMLInputElement) || field.dataset.cell !== undefined) return;
    event.preventDefault();
    // Enter in a reason means its own button, never the first button of the form
    if (field.dataset.submits !== undefined) field.closest("details")?.querySelector("button")?.click();
    else field.blur();
  }

  private about(target: EventTarget | null): void {
    if (!(target instanceof HTMLInputElement) || target.dataset.cell === undefined) return;
    const card = this.form.querySelector<HTMLTemplateElement>(`template[data-card="${CSS.escape(target.dataset.cell)}"]`);
    const place = document.querySelector<HTMLElement>("[data-about]");
    const body = place?.querySelector("[data-about-body]");
    const name = place?.querySelector("[data-about-name]");
    if (!card || !place || !body || !name) return;
    body.replaceChildren(card.content.cloneNode(true));
    name.textContent = target.dataset.number ?? "";
    place.hidden = false;
  }

  private pasted(count: number, undo: () => void): void {
    this.tell(this.words("pasted").replace("{n}", String(count)), this.words("undo"), undo);
  }

  private tell(words: string, action = "", act?: () => void): void {
    const old = this.form.querySelector(".sheet-told");
    const told = document.createElement("p");
    told.className = "sheet-told";
    told.setAttribute("role", "status");
    told.append(words);
    if (act) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--small";
      button.textContent = action;
      button.addEventListener("click", act);
      told.append(" ", button);
    }
    old?.remove();
    this.form.querySelector(".sheet-bar__in")?.prepend(told);
    window.setTimeout(() => told.remove(), 20_000);
  }

  /** What was typed before the browser closed or the network went: back into its cells, and on its way. */
  private resume(): void {
    const kept = Object.entries(this.queue.all());
    let shown = 0;
    for (const [element, typed] of kept) {
      const input = this.paint.input(element);
      if (!input) {
        this.queue.drop(element);
        continue;
      }
      // a text of another language is sent as it was typed and comes back written for this page
      if (typed.lang === this.lang) input.value = typed.t;
      const none = this.paint.none(element);
      if (none && typed.r) {
        none.value = typed.r;
        const box = none.closest("details");
        if (box) box.open = true;
      }
      shown += 1;
    }
    if (!shown) return;
    this.mark(this.words("unsaved"), false);
    this.tell(this.words("restored").replace("{n}", String(shown)));
    this.sender.soon(0);
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-grid]")) new Grid(form);
countDown();
