// Says on the page whether it is still live. A page that stopped updating must never look like one that did not. What was
// opened on it stays open.
(function () {
  "use strict";
  function say(isLive) {
    var status = document.getElementById("live");
    if (!status) return;
    status.dataset.state = isLive ? "live" : "not-live";
    var text = isLive ? status.dataset.live : status.dataset.notLive;
    if (status.textContent !== text) status.textContent = text;
  }
  var opened = [];
  document.addEventListener("htmx:beforeSwap", function (event) {
    opened = Array.from(event.detail.target.querySelectorAll("details[open][id]"), function (one) { return one.id; });
  });
  document.addEventListener("htmx:afterSwap", function () {
    opened.forEach(function (id) {
      var one = document.getElementById(id);
      if (one) one.open = true;
    });
    opened = [];
  });
  document.addEventListener("htmx:sseOpen", function () { say(true); });
  document.addEventListener("htmx:sseError", function () { say(false); });
  document.addEventListener("htmx:sseClose", function () { say(false); });
  document.addEventListener("htmx:responseError", function () { say(false); });
  document.addEventListener("htmx:sendError", function () { say(false); });
  document.addEventListener("htmx:afterSwap", function () { say(true); });
})();
