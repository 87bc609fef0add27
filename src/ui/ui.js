/* SPDX-License-Identifier: Apache-2.0
 * Comforts of the pages: "/" goes to the search field, the theme changes
 * without loading the page again. Every page works without this file. */
"use strict";

document.addEventListener("keydown", function (event) {
    var at = event.target;
    var field = document.getElementById("search");

    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey)
        return;
    if (!field || at.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName))
        return;
    event.preventDefault();
    field.focus();
    field.select();
});

document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("[data-theme-choice]") : null;
    var choice = link ? link.getAttribute("data-theme-choice") : null;

    if (!choice || event.ctrlKey || event.metaKey || event.shiftKey)
        return;
    event.preventDefault();
    if (choice === "auto")
        document.documentElement.removeAttribute("data-theme");
    else
        document.documentElement.setAttribute("data-theme", choice);
    document.querySelectorAll("[data-theme-choice]").forEach(function (other) {
        if (other === link)
            other.setAttribute("aria-current", "true");
        else
            other.removeAttribute("aria-current");
    });
    /* The server reads the same cookie when it writes the next page. */
    document.cookie = "theme=" + choice + "; path=/; max-age=31536000; SameSite=Lax" +
        (location.protocol === "https:" ? "; Secure" : "");
});
