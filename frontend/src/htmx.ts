// htmx 4, not 2: it uses fetch, asks for :inherited in writing and has no inline style. Its settings come from the meta
// tag of the base template (no swap for error answers, no indicator style, no history cache); nothing here may evaluate
// text, which the content security policy refuses anyway.
import htmx from "htmx.org";

export default htmx;
