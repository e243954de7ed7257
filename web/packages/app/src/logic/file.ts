/** Gives the person a file made here. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

/** A file name without what file systems refuse. */
export function fileNameOf(title: string): string {
  return title.replace(/[\\/:*?"<>|\s]+/g, '_').slice(0, 80)
}

/**
 * A table as .xlsx: numbers as numbers, everything else as text, so that a spreadsheet neither
 * shortens an identity number nor runs a formula. The writer is fetched when it is first needed.
 */
export async function workbookOf(rows: readonly (readonly (string | number | null)[])[], sheet: string): Promise<Blob> {
  const { default: write } = await import('write-excel-file/browser')
  const cells = rows.map((row, n) =>
    row.map((value) => {
      if (value === null) return null
      const look = n === 0 ? ({ fontWeight: 'bold' } as const) : {}
      return typeof value === 'number' ? { value, type: Number, ...look } : { value, type: String, format: '@', ...look }
    }),
  )
  const name = sheet.replace(/[\\/:*?[\]]/g, ' ').slice(0, 31)
  return write(cells, { sheet: name, stickyRowsCount: 1 }).toBlob()
}

/** A picture as the browser paints it, at twice the size so that print stays sharp. */
export async function pngOf(svg: string, width: number, height: number, ground: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const kScale = 2
  const canvas = document.createElement('canvas')
  canvas.width = width * kScale
  canvas.height = height * kScale
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  pen.fillStyle = ground
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
  )
}
