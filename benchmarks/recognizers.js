// Microsoft Recognizers-Text in JavaScript, asked and answering as benchmarks/tools.py tells.
"use strict";
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const { performance } = require("node:perf_hooks");
const { NumberRecognizer } = require("@microsoft/recognizers-text-number");
const { NumberWithUnitRecognizer } = require("@microsoft/recognizers-text-number-with-unit");

const FRENCH = "fr-fr";
const money = new NumberWithUnitRecognizer(FRENCH).getCurrencyModel(FRENCH);
const percent = new NumberRecognizer(FRENCH).getPercentageModel(FRENCH);

// Line by line, as its time grows with the square of the text: in whole articles it is half as fast.
const read = (text) =>
  [...text.matchAll(/.+/g)].flatMap(({ 0: line, index }) =>
    [...money.parse(line), ...percent.parse(line)].map((r) => ({ ...r, start: index + r.start, end: index + r.end })),
  );
const answer = (object) => process.stdout.write(JSON.stringify(object) + "\n");

// JavaScript counts in UTF-16, the scorer in code points.
const codePoints = (text, offset) => [...text.slice(0, offset)].length;

read("Meta a investi 14,3 milliards de dollars dans Scale AI, dont il détient 49 %.");
answer({ ready: true });

const files = new Map();
createInterface({ input: process.stdin }).on("line", (line) => {
  const [[what, file]] = Object.entries(JSON.parse(line));
  if (!files.has(file)) {
    files.set(file, readFileSync(file, "utf8").split("\n").filter(Boolean).map((each) => JSON.parse(each)));
  }
  const documents = files.get(file);
  const begin = performance.now();
  const results = documents.map((document) => read(document.text));
  const seconds = (performance.now() - begin) / 1000;
  const figures = documents.flatMap(({ id, text }, i) =>
    results[i].map(({ start, end, typeName, resolution }) => ({
      id,
      start: codePoints(text, start),
      end: codePoints(text, end + 1),
      name: typeName,
      resolution,
    })),
  );
  answer({ seconds, figures: what === "list" ? figures : figures.length });
});
