import type { Plugin } from 'vite';

/**
 * What Cornerstone3D brings along and Overread never calls, or calls a small part of. A bundler keeps it, because it is named where a
 * whole namespace is taken apart; each part here is told apart by who asks for it, and what is left out says so if it is called after all.
 */
type Part = { readonly asked: RegExp; readonly by: RegExp; readonly program: string };

const cornerstone = /[\\/]node_modules[\\/]@cornerstonejs[\\/]/;
const vtk = /[\\/]node_modules[\\/]@kitware[\\/]vtk\.js[\\/]/;

const parts: Readonly<Record<string, Part>> = {
  // The rest of the package reads Part 10 files and splits display sets: two copies of dcmjs and its dictionary, 1.9 MB of source.
  metadata: {
    asked: /^@cornerstonejs\/metadata$/,
    by: cornerstone,
    program: `
      import * as pixelSpacing from '@cornerstonejs/metadata/utilities/getPixelSpacingInformation';
      import * as fourDimensional from '@cornerstonejs/metadata/utilities/splitImageIdsBy4DTags';
      import calibratedPixelSpacingMetadataProvider from '@cornerstonejs/metadata/utilities/calibratedPixelSpacingMetadataProvider';
      import imageIdToURI from '@cornerstonejs/metadata/utilities/imageIdToURI';
      import isVideoTransferSyntax, { videoUIDs } from '@cornerstonejs/metadata/utilities/isVideoTransferSyntax';
      export * as Enums from '@cornerstonejs/metadata/enums';
      export * as metaData from '@cornerstonejs/metadata/metaData';
      export const utilities = {
        ...pixelSpacing,
        ...fourDimensional,
        splitImageIdsBy4DTags: fourDimensional.default,
        calibratedPixelSpacingMetadataProvider,
        imageIdToURI,
        isVideoTransferSyntax,
        videoUIDs,
      };
    `,
  },
  // Of dcmjs only its logger and four transfer syntaxes (PS3.6 A) are used by what is left.
  dcmjs: {
    asked: /^dcmjs$/,
    by: cornerstone,
    program: `
      export { default as log } from 'loglevel';
      export const constants = {
        IMPLICIT_LITTLE_ENDIAN: '1.2.840.10008.1.2',
        EXPLICIT_LITTLE_ENDIAN: '1.2.840.10008.1.2.1',
        DEFLATED_EXPLICIT_LITTLE_ENDIAN: '1.2.840.10008.1.2.1.99',
        EXPLICIT_BIG_ENDIAN: '1.2.840.10008.1.2.2',
      };
    `,
  },
  // Colour maps by name, none of which is asked for: colours of a fusion are the viewer's own.
  colourMaps: {
    asked: /ColorTransferFunction\/ColorMaps\.js$/,
    by: cornerstone,
    program: 'export default { rgbPresetNames: [], getPresetByName() {} };',
  },
  processorColourMaps: { asked: /\/cpuColormaps\.js$/, by: cornerstone, program: 'export default {};' },
  // Readers of surface meshes, with an XML and a YAML library.
  meshes: {
    asked: /^@kitware\/vtk\.js\/IO\//,
    by: cornerstone,
    program: `
      export default {
        newInstance() {
          throw new Error('Overread is built without readers of surface meshes.');
        },
      };
    `,
  },
  // Everything is drawn as a stack, planes through volumes too: the other kinds of viewport bring mappers of their own.
  viewports: {
    asked: /^\.\.\/(?!StackViewport\.js$|\.\.\/).*Viewport\w*\.js$/i,
    by: /[\\/]@cornerstonejs[\\/]core[\\/].*[\\/]viewportTypeToViewportClass\.js$/,
    program: `
      export default class {
        constructor() {
          throw new Error('Overread is built with viewports of stacks alone.');
        }
      }
    `,
  },
  // What draws volumes, cut planes, spheres and tubes on the graphics card: slices of stacks have a mapper of their own.
  mappers: {
    asked:
      /(\/OpenGL\/(Glyph3DMapper|ImageCPRMapper|ImageResliceMapper|SphereMapper|StickMapper|Volume|VolumeMapper)|\/vtkStreamingOpenGL(ImageReslice|Volume)Mapper)\.js$/,
    by: /[\\/]@cornerstonejs[\\/]core[\\/].*[\\/]vtkStreamingOpenGLViewNodeFactory\.js$/,
    program: `
      export default {
        newInstance() {
          throw new Error('Overread is built with mappers of slices alone.');
        },
      };
    `,
  },
  volumes: { asked: /^@kitware\/vtk\.js\/Rendering\/Profiles\/Volume\.js$/, by: cornerstone, program: 'export {};' },
  // Its second way to draw: Cornerstone3D asks for WebGL.
  webGpu: { asked: /^(\.\.\/)+WebGPU\/Profiles\//, by: vtk, program: 'export {};' },
};

/** Leaves those parts out of the program that draws. */
export function drawingPartsPlugin(): Plugin {
  const mark = '\0overread-drawing/';
  return {
    name: 'overread-drawing-parts',
    enforce: 'pre',
    resolveId: {
      filter: { id: /^(@cornerstonejs\/metadata|dcmjs|@kitware\/vtk\.js\/(IO|Rendering)\/|\.\.?\/)/ },
      handler(source, importer) {
        if (importer === undefined) return null;
        const found = Object.entries(parts).find(([, part]) => part.asked.test(source) && part.by.test(importer));
        return found === undefined ? null : { id: `${mark}${found[0]}`, moduleSideEffects: false };
      },
    },
    load: {
      filter: { id: /^\0overread-drawing\// },
      handler: (id) => parts[id.slice(mark.length)]?.program ?? null,
    },
  };
}
