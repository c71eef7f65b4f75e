import {
  cache,
  imageLoader,
  init,
  metaData,
  RenderingEngine,
  resetInitialization,
  setCanvasCreator,
  setUseCPURendering,
  type Types,
  utilities,
} from '@cornerstonejs/core';
import { hasNoGraphics } from './has-no-graphics.ts';
import type { DecodedFrame, FrameReference, SeriesImages, StoredPixels } from './types.ts';
import { storedRange } from './window.ts';

export type Drawing = {
  readonly engine: RenderingEngine;
  readonly cpu: boolean;
  /** Makes a decoded frame known to Cornerstone3D under its image id, ready to be drawn without any waiting. */
  offer(series: SeriesImages, reference: FrameReference, frame: DecodedFrame): void;
  forget(imageId: string): void;
  /** Fits all viewports to their elements; `listener` is told before any canvas loses what it holds. */
  resize(): void;
  onResize(listener: () => void): () => void;
  close(): void;
};

const scheme = 'overread';
const engineId = 'overread';

/** One rendering engine for the life of a window: an engine for each component ends in hundreds of WebGL contexts. */
export function startDrawing(useCpu: 'auto' | boolean): Drawing {
  const cpu = useCpu === 'auto' ? hasNoGraphics() : useCpu;
  // Where the processor draws, nothing is asked of a graphics card: `init` would try out each kind of texture on one.
  setUseCPURendering(cpu);
  if (cpu) setCanvasCreator(canvasInMemory);
  else {
    resetInitialization();
    init();
  }
  const resizing = new Set<() => void>();
  const offered = new Map<string, Types.IImage>();
  const described = new Map<string, { readonly series: SeriesImages; readonly reference: FrameReference }>();

  imageLoader.registerImageLoader(scheme, (imageId: string) => {
    const image = offered.get(imageId);
    // Only frames that are decoded and still wanted are offered, so Cornerstone3D never waits and nothing comes late.
    return {
      promise:
        image === undefined
          ? Promise.reject(new Error('This image is not of the case on screen'))
          : Promise.resolve(image),
    };
  });
  const provider = (module: string, imageId: unknown): unknown => {
    if (typeof imageId !== 'string') return undefined;
    const known = described.get(imageId);
    return known === undefined ? undefined : metadataModule(module, known.series, known.reference);
  };
  metaData.addProvider(provider, 10_000);
  const engine = new RenderingEngine(engineId);

  return {
    engine,
    cpu,
    offer(series, reference, frame) {
      if (offered.has(reference.imageId)) return;
      described.set(reference.imageId, { series, reference });
      offered.set(reference.imageId, cornerstoneImage(reference, frame, cpu));
    },
    forget(imageId) {
      described.delete(imageId);
      if (!offered.delete(imageId)) return;
      if (cache.getImageLoadObject(imageId) !== undefined) cache.removeImageLoadObject(imageId, { force: true });
    },
    resize() {
      for (const listener of resizing) listener();
      engine.resize(true, true);
    },
    onResize(listener) {
      resizing.add(listener);
      return () => void resizing.delete(listener);
    },
    close() {
      for (const imageId of [...offered.keys()]) this.forget(imageId);
      metaData.removeProvider(provider);
      engine.destroy();
    },
  };
}

/**
 * What the processor draws stays in the page's own memory: a canvas that the browser draws by (software) graphics is sent there and read
 * back with each new stack, and each slice waits for it.
 */
function canvasInMemory(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d', { willReadFrequently: true });
  return canvas;
}

/**
 * Cornerstone3D is given stored values with slope 1: windows are turned into stored values here (`storedRange`), so that CPU and GPU
 * drawing agree and no rescaled copy is kept. MONOCHROME1 is turned by `invert`, not by the image.
 */
function cornerstoneImage(reference: FrameReference, frame: DecodedFrame, cpu: boolean): Types.IImage {
  const pixels = drawable(frame, cpu);
  const components = frame.colour ? (cpu ? 4 : 3) : 1;
  const size = drawnPixelSize(reference);
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    scalarData: pixels,
    width: frame.columns,
    height: frame.rows,
    numberOfComponents: components,
  });
  const full = storedRange(
    { center: (frame.min + frame.max + 1) / 2, width: frame.max - frame.min + 1 },
    { slope: 1, intercept: 0 },
  );
  const image = {
    imageId: reference.imageId,
    minPixelValue: frame.min,
    maxPixelValue: frame.max,
    slope: 1,
    intercept: 0,
    windowCenter: frame.colour ? 128 : (full.lower + full.upper + 1) / 2,
    windowWidth: frame.colour ? 256 : full.upper - full.lower + 1,
    voiLUTFunction: 'LINEAR',
    getPixelData: () => pixels,
    getCanvas: undefined,
    rows: frame.rows,
    columns: frame.columns,
    height: frame.rows,
    width: frame.columns,
    color: frame.colour,
    rgba: frame.colour && cpu,
    numberOfComponents: components,
    columnPixelSpacing: size.column,
    rowPixelSpacing: size.row,
    invert: false,
    sizeInBytes: pixels.byteLength,
    dataType: pixels.constructor.name,
    photometricInterpretation: frame.colour ? 'RGB' : 'MONOCHROME2',
    voxelManager,
  };
  return image as unknown as Types.IImage;
}

function drawable(frame: DecodedFrame, cpu: boolean): StoredPixels {
  if (frame.colour && !cpu) {
    const rgb = new Uint8Array((frame.pixels.length / 4) * 3);
    for (let from = 0, to = 0; from < frame.pixels.length; from += 4) {
      rgb[to++] = frame.pixels[from] ?? 0;
      rgb[to++] = frame.pixels[from + 1] ?? 0;
      rgb[to++] = frame.pixels[from + 2] ?? 0;
    }
    return rgb;
  }
  return frame.pixels instanceof Int8Array ? Int16Array.from(frame.pixels) : frame.pixels;
}

/** Millimetres where known, else the ratio of the sides: an image is never drawn squeezed. */
export function drawnPixelSize(reference: FrameReference): { readonly row: number; readonly column: number } {
  const { pixelSize, aspect } = reference;
  if (pixelSize.kind !== 'unknown') return { row: pixelSize.row, column: pixelSize.column };
  // Pixel Aspect Ratio is vertical size over horizontal size (PS3.3 C.7.6.3.1.7).
  return { row: aspect[0] / aspect[1], column: 1 };
}

function metadataModule(module: string, series: SeriesImages, reference: FrameReference): unknown {
  const { description, orientation } = reference;
  switch (module) {
    case 'imagePixelModule':
      return {
        ...description,
        photometricInterpretation:
          description.samplesPerPixel === 1 && description.photometric !== 'PALETTE COLOR' ? 'MONOCHROME2' : 'RGB',
        pixelRepresentation: description.signed ? 1 : 0,
      };
    case 'generalSeriesModule':
      return { modality: series.modality, seriesInstanceUID: series.seriesUid };
    case 'imagePlaneModule': {
      const row = orientation.kind === 'cosines' ? [...orientation.row] : [1, 0, 0];
      const column = orientation.kind === 'cosines' ? [...orientation.column] : [0, 1, 0];
      const size = drawnPixelSize(reference);
      return {
        frameOfReferenceUID: series.frameOfReferenceUid ?? series.seriesUid,
        rows: description.rows,
        columns: description.columns,
        imageOrientationPatient: [...row, ...column],
        rowCosines: row,
        columnCosines: column,
        imagePositionPatient: reference.position === null ? [0, 0, 0] : [...reference.position],
        rowPixelSpacing: size.row,
        columnPixelSpacing: size.column,
        usingDefaultValues: false,
      };
    }
    default:
      return undefined;
  }
}
