// "39 minutes left" must not stay on the screen for an hour. Words come from the page, in its language.

const MINUTE = 60_000;

function words(mark: HTMLElement): string {
  const end = Date.parse(mark.dataset.deadline ?? "");
  const left = end - Date.now();
  if (Number.isNaN(end) || left < 0) return "";
  const minutes = Math.max(1, Math.floor(left / MINUTE));
  const [pattern, number] =
    minutes < 120
      ? [mark.dataset.minutes, minutes]
      : minutes < 2880
        ? [mark.dataset.hours, Math.floor(minutes / 60)]
        : [mark.dataset.days, Math.floor(minutes / 1440)];
  return (pattern ?? "").replace("{n}", new Intl.NumberFormat(document.documentElement.lang).format(number));
}

export function countDown(): void {
  const marks = document.querySelectorAll<HTMLElement>("[data-deadline]");
  if (!marks.length) return;
  window.setInterval(() => {
    for (const mark of marks) {
      const text = words(mark);
      if (text && mark.textContent !== text) mark.textContent = text;
    }
  }, MINUTE / 2);
}
