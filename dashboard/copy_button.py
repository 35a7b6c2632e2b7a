"""A button that puts words on the clipboard: the page's own address, or a text made here."""

from __future__ import annotations

from typing import Any

import streamlit as st

SCRIPT = """
async function put(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch (refused) { /* no permission, or no https */ }
  const field = document.createElement('textarea');
  field.value = text; field.style.cssText = 'position:fixed;opacity:0';
  document.body.append(field); field.select();
  const done = document.execCommand('copy'); field.remove();
  return done;
}
export default function ({data, parentElement}) {
  const button = parentElement.querySelector('button');
  button.textContent = data.label;
  button.onclick = async () => {
    const text = (data.text || '{link}').replaceAll('{link}', window.location.href);
    const done = await put(text);
    button.textContent = done ? 'Copied' : 'The browser refused; copy it from the address bar';
    setTimeout(() => { button.textContent = data.label; }, 2000);
  };
}
"""
STYLE = """button { width: 100%; min-height: 2.5rem; padding: .25rem .75rem; border-radius: .5rem; cursor: pointer;
  font: inherit; font-size: .875rem; color: var(--st-text-color); background: transparent;
  border: 1px solid color-mix(in srgb, var(--st-text-color) 20%, transparent); white-space: nowrap; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }"""


@st.cache_resource
def _component() -> Any:
    return st.components.v2.component(
        "copy_button", html='<button type="button" aria-live="polite"></button>', css=STYLE, js=SCRIPT
    )


def copy_button(label: str, *, key: str, text: str = "") -> None:
    """Copy `text`, in which {link} is the page's address; without a text the address alone."""
    _component()(key=key, data={"label": label, "text": text})
