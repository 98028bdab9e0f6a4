// Makes the drawings interactive, and copies SQL. Without it the page shows the same numbers.
"use strict";

const narrow = 480;

function draw(figure) {
  const specification = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const live = figure.querySelector(".live");
  const still = figure.querySelector(".still");
  live.hidden = false;
  if (live.clientWidth < narrow) {
    specification.config.text = { fontSize: 8.5 };
    specification.config.axisY = { ...specification.config.axisY, labelLimit: 110 };
  }
  const options = {
    actions: false,
    ast: true,
    defaultStyle: false,
    renderer: "svg",
    tooltip: { disableDefaultStyle: true },
  };
  return vegaEmbed(live, specification, options).then(
    () => {
      still.classList.add("replaced");
    },
    (error) => {
      live.hidden = true;
      console.error(figure.dataset.chart, error);
    },
  );
}

function copy(button) {
  const source = document.getElementById(button.dataset.copies);
  const done = () => {
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  };
  const select = () => {
    getSelection().selectAllChildren(source);
    button.textContent = "Selected: press Ctrl-C";
  };
  if (navigator.clipboard) {
    navigator.clipboard.writeText(source.textContent).then(done, select);
  } else {
    select();
  }
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
Promise.all([...document.querySelectorAll("figure[data-chart]")].map(draw)).then(() => {
  document.documentElement.dataset.drawn = "true";
});
