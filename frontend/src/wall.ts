// The wall shows one slide after another and fetches itself anew; nothing moves within a slide.

function showSlide(slides: HTMLElement[], at: number): void {
  slides.forEach((slide, index) => {
    slide.hidden = index !== at;
  });
  const words = document.querySelector<HTMLElement>("[data-wall-count]");
  const pattern = words?.dataset.wallCount;
  if (words && pattern) {
    words.textContent = pattern
      .replace("{n}", String(at + 1))
      .replace("{all}", String(slides.length))
      .replace("{name}", slides[at]?.dataset.wallSlide ?? "");
  }
}

export function startWall(): void {
  const wall = document.querySelector<HTMLElement>("[data-wall]");
  if (!wall) return;
  const slides = [...wall.querySelectorAll<HTMLElement>("[data-wall-slide]")];
  const seconds = Number(wall.dataset.wallSeconds ?? "20");
  const minutes = Number(wall.dataset.wallRefreshMinutes ?? "5");
  const begun = Date.now();
  let at = Math.min(Number(new URLSearchParams(window.location.search).get("man") ?? "0") || 0, Math.max(slides.length - 1, 0));
  if (slides.length) showSlide(slides, at);
  window.setInterval(() => {
    at = slides.length ? (at + 1) % slides.length : 0;
    if (slides.length) showSlide(slides, at);
    // only a server that answers replaces the picture: a wall never shows an error page
    if (Date.now() - begun > minutes * 60_000) {
      const next = new URL(window.location.href);
      next.searchParams.set("man", String(at));
      void fetch(next, { method: "HEAD" }).then((answer) => {
        if (answer.ok) window.location.replace(next);
      }, () => undefined);
    }
  }, seconds * 1000);
}
