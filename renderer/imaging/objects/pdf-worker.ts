// pdf.js answers its page by itself when it is loaded in a worker.
import 'pdfjs-dist/build/pdf.worker.min.mjs';
