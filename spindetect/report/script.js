(function () {
  "use strict";
  function show(sentence, on) {
    var links = (sentence.getAttribute("data-links") || "").split(" ");
    sentence.classList.toggle("lit", on);
    links.forEach(function (id) {
      var other = id && document.getElementById(id);
      if (other) { other.classList.toggle("lit", on); }
    });
  }
  document.querySelectorAll("[data-links]").forEach(function (sentence) {
    sentence.addEventListener("mouseenter", function () { show(sentence, true); });
    sentence.addEventListener("mouseleave", function () { show(sentence, false); });
    sentence.addEventListener("focusin", function () { show(sentence, true); });
    sentence.addEventListener("focusout", function () { show(sentence, false); });
  });
})();
