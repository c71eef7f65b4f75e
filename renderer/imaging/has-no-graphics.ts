/**
 * Whether WebGL is drawn by the processor here: that draws stacks at half the speed of a canvas (spec/performance.md, section 3). Trying it
 * holds up the thread for tens of milliseconds.
 */
export function hasNoGraphics(canvas: HTMLCanvasElement | OffscreenCanvas = document.createElement('canvas')): boolean {
  const context = canvas.getContext('webgl2') as WebGL2RenderingContext | null;
  if (context === null) return true;
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = info === null ? '' : String(context.getParameter(info.UNMASKED_RENDERER_WEBGL));
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(renderer);
}
