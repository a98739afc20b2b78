// Browsers give no workers to pages opened from disk; there the search runs in a hidden frame instead.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super()
      const name = `worker${Math.random().toString(36).slice(2)}`
      window[name] = data => this.dispatchEvent(new MessageEvent("message", { data }))
      this.addEventListener("message", event => this.onmessage?.(event))
      this.waiting = []
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      this.frame.srcdoc =
        `<script>const tell = data => parent["${name}"](data); self.postMessage = tell</scr` + `ipt>` +
        `<script src="${new URL(address, location)}"></scr` + `ipt>`
      this.frame.onload = () => {
        const waiting = this.waiting
        this.waiting = null
        waiting.forEach(data => this.postMessage(data))
      }
      document.body.append(this.frame)
    }
    postMessage(data) {
      if (this.waiting) this.waiting.push(data)
      else this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data }))
    }
    terminate() {
      this.frame.remove()
    }
  }
}
