// What the page shows before its script has run, and the frame of what it shows then.

/** @param title HTML */
export const markup = (title: string): string => `
<header>
  <h1>${title}</h1>
  <p class="lead">This network was trained for one thing: to tell how much noise is in an image. That makes it a density and a
  denoiser, and so a source of new images. It runs here, in your browser, by the code that trained it. Nothing leaves this page.</p>
  <p id="status" role="status">The model is being unpacked…</p>
  <noscript><p>The model needs JavaScript.</p></noscript>
</header>
<main id="page" hidden>
${likelihood}
${noise}
${sampling}
${provenance}
</main>
`;

const likelihood = `
<section id="image" aria-labelledby="image-title">
  <h2 id="image-title">How likely is an image?</h2>
  <p class="equation" role="math" aria-label="log p 0 of x is f of x at class 0, less f of x at class T plus 1, plus log of the standard normal density of x">
    log <i>p</i><sub>0</sub>(<i>x</i>) = <i>f</i>(<i>x</i>)[0] − <i>f</i>(<i>x</i>)[<i>T</i> + 1] + log <i>N</i>(<i>x</i>; 0, <i>I</i>) <span>Eq. 10</span></p>
  <p>One forward pass <i>f</i>(<i>x</i>), the log-probabilities of the noise levels 0 … <i>T</i> + 1, is all that it takes. It is an estimate, no more
  normalized than the classifier is right.</p>
  <div class="split">
    <div>
      <fieldset>
        <legend>Choose a test image; below each, its bits/dim</legend>
        <ul id="images"></ul>
        <div class="row"><button type="button" id="before">Ten before</button><button type="button" id="after">Ten after</button></div>
        <p id="agreement" class="quiet"></p>
      </fieldset>
      <fieldset class="drawing">
        <legend id="board-title">Or draw one</legend>
        <canvas id="board" tabindex="0"></canvas>
        <div><p class="quiet">With a finger, a pen or a mouse; with the arrow keys too, and with Shift the pen is lifted.</p>
        <button type="button" id="clear">Clear</button></div>
      </fieldset>
    </div>
    <div class="answer">
      <div class="row top">
        <figure><canvas id="chosen" class="large"></canvas><figcaption id="chosen-name"></figcaption></figure>
        <div aria-live="polite">
          <p class="number"><output id="likelihood"></output> <span class="unit">bits/dim</span></p>
          <p id="likelihood-first" class="quiet"></p>
          <p id="place"></p>
          <p id="label-row" hidden><label>Given the label <select id="label"></select></label></p>
        </div>
      </div>
      <div id="histogram" class="chart"></div>
      <div id="labels" hidden>
        <p>What is it of? The label under which it is likeliest: one forward pass for each.</p>
        <div id="label-shares" class="chart"></div>
      </div>
    </div>
  </div>
</section>`;

const noise = `
<section aria-labelledby="noise-title">
  <h2 id="noise-title">How much noise is in it?</h2>
  <p class="equation" role="math" aria-label="The expected noise given x t is sigma t times the sum of x t and the gradient of f at class T plus 1 less f at class t">
    E[<i>ε</i> | <i>x<sub>t</sub></i>] = <i>σ<sub>t</sub></i> (∇<i><sub>x</sub></i>(<i>f</i>(<i>x<sub>t</sub></i>)[<i>T</i> + 1] − <i>f</i>(<i>x<sub>t</sub></i>)[<i>t</i>]) + <i>x<sub>t</sub></i>) <span>Eq. 8</span></p>
  <p>Noise is added to the image above: <i>x<sub>t</sub></i> = <i>α<sub>t</sub></i> <i>x</i><sub>0</sub> + <i>σ<sub>t</sub></i> <i>ε</i>. The classifier says which level it is,
  and its gradient what the image was: (<i>x<sub>t</sub></i> − <i>σ<sub>t</sub></i> E[<i>ε</i> | <i>x<sub>t</sub></i>]) / <i>α<sub>t</sub></i>.</p>
  <div class="row slider">
    <label for="t">Noise level <span id="level"></span></label>
    <input type="range" id="t" min="0" max="1" step="1" />
    <button type="button" id="other-noise">Other noise</button>
  </div>
  <div class="split wide-right">
    <div class="row top pair">
      <figure><canvas id="noisy" class="large"></canvas><figcaption>The image with noise</figcaption></figure>
      <figure><canvas id="denoised" class="large"></canvas><figcaption>Without it, by Eq. 8</figcaption></figure>
    </div>
    <div class="answer">
      <p id="guess"></p>
      <div id="posterior" class="chart"></div>
      <p class="quiet"><i>p</i>(<i>t</i> | <i>x<sub>t</sub></i>), the softmax of <i>f</i>(<i>x<sub>t</sub></i>)</p>
    </div>
  </div>
</section>`;

const sampling = `
<section aria-labelledby="sampling-title">
  <h2 id="sampling-title">What does it draw?</h2>
  <p>From noise alone, level by level, with Eq. 8 at each (Algorithm 2): by DDPM, which adds new noise at every step, or by DDIM and
  DPM-Solver, which add none. It is the pipeline's own sampler. With the seed of a stage, sample <i>k</i> is that of the stage.</p>
  <form id="sampling" class="controls">
    <label>Sampler <select id="sampler">
      <option value="ddpm">DDPM</option><option value="ddim">DDIM</option><option value="dpm-solver">DPM-Solver</option>
    </select></label>
    <label>Steps <input type="number" id="steps" min="1" step="1" required /></label>
    <label>Seed <input type="number" id="seed" min="0" max="9007199254740991" step="1" class="long" required /></label>
    <label>Sample <input type="number" id="first" min="0" max="1000000" step="1" value="0" required /></label>
    <span id="guided" class="controls" hidden>
      <label>Label <select id="sample-label"></select></label>
      <label>Guidance <input type="number" id="guidance" min="-1" max="20" step="any" value="0" required /></label>
    </span>
  </form>
  <div class="row">
    <button type="button" id="draw" class="main">Draw</button>
    <button type="button" id="step">One step</button>
    <button type="button" id="pause" disabled>Pause</button>
    <button type="button" id="look-at-sample" disabled>Look at the sample above</button>
  </div>
  <div class="split wide-right">
    <div class="row top pair">
      <figure><canvas id="forming" class="large"></canvas><figcaption>The sample as it forms</figcaption></figure>
      <figure><canvas id="sample" class="large"></canvas><figcaption>What the model sees in it</figcaption></figure>
    </div>
    <div class="answer">
      <p id="drawn" aria-live="polite">Nothing is drawn yet.</p>
      <div id="course" class="chart"></div>
      <p class="quiet">Bits/dim, by Eq. 10, of what the model sees in the noise</p>
      <label class="row slider">Back and forth <input type="range" id="scrub" min="0" max="0" value="0" disabled /></label>
    </div>
  </div>
</section>`;

const provenance = `
<section aria-labelledby="provenance-title">
  <h2 id="provenance-title">Where it comes from</h2>
  <p>The checkpoint is in this page, byte by byte. By its digest the manifest of a run leads to the code, the parameters and the data
  that it was trained with.</p>
  <dl id="facts"></dl>
  <p class="row"><label>Compute with <select id="engine"><option value="wasm">the CPU (WebAssembly)</option><option value="cpu">the CPU (JavaScript)</option><option value="webgl">the GPU (WebGL)</option></select></label>
  <span id="engine-status" role="status" class="quiet"></span></p>
</section>`;
