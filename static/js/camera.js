// The camera of the kiosk, asked for by a touch: it looks for a square and shows nobody else. What
// it sees stays on the device.
(() => {
  const LOOK_MS = 150;
  const LONGEST_MS = 45_000;
  const SIDE = 480;
  let stream = null;

  const box = () => document.querySelector("[data-camera]");

  const offer = async () => {
    if (!box() || !navigator.mediaDevices) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    if (box()) box().hidden = !devices.some(({ kind }) => kind === "videoinput");
  };

  const reader = () =>
    new Promise((resolve, reject) => {
      if (window.jsQR) return resolve();
      const script = document.createElement("script");
      script.src = box().dataset.reader;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  };

  // The middle of the picture, the largest square there is.
  const seen = (video, canvas) => {
    const side = Math.min(video.videoWidth, video.videoHeight);
    if (!side) return null;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const [x, y] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    pen.drawImage(video, x, y, side, side, 0, 0, SIDE, SIDE);
    const { data } = pen.getImageData(0, 0, SIDE, SIDE);
    return window.jsQR(data, SIDE, SIDE)?.data || null;
  };

  const look = (video) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    const since = performance.now();
    const beat = setInterval(() => {
      const gone = !video.isConnected || performance.now() - since > LONGEST_MS;
      const code = gone ? null : seen(video, canvas);
      if (!gone && !code) return;
      clearInterval(beat);
      stop();
      video.hidden = true;
      if (code) document.dispatchEvent(new CustomEvent("code-read", { detail: code }));
    }, LOOK_MS);
  };

  const start = async () => {
    const video = box().querySelector("video");
    const broken = box().querySelector("[data-camera-off]");
    try {
      await reader();
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } } });
      video.srcObject = stream;
      await video.play();
    } catch {
      stop();
      broken.hidden = false;
      return;
    }
    broken.hidden = true;
    video.hidden = false;
    look(video);
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-camera-on]") && !stream) start();
  });
  document.addEventListener("htmx:afterSettle", offer);
  offer();
})();
