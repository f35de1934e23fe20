// The object stores that other tests push to: they take requests that are signed, and those alone.
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { missingForCeph, startCeph, type S3Keys } from './ceph.ts';
import { missingForSwift, startSwift } from './swift.ts';

const stores = {
  Ceph: { missing: missingForCeph(), start: startCeph },
  Swift: { missing: missingForSwift(), start: startSwift },
};

describe.each(Object.entries(stores))('%s', (name, { missing, start }) => {
  test.skipIf(missing.length > 0)(
    `lets in who has keys, and nobody else${missing.map((each) => `, needs ${each}`).join('')}`,
    async () => {
      await using store = await start();
      const { endpoint, keys } = store;
      const bucket = { Bucket: 'lab-results' };
      using client = clientOf(endpoint, keys);
      await client.it.send(new CreateBucketCommand(bucket));
      await client.it.send(new PutObjectCommand({ ...bucket, Key: 'a/b', Body: 'c' }));
      expect((await client.it.send(new ListObjectsV2Command(bucket))).Contents).toMatchObject([
        { Key: 'a/b', Size: 1 },
      ]);
      using other = clientOf(endpoint, { ...keys, secretKey: 'guessed' });
      await expect(other.it.send(new ListObjectsV2Command(bucket))).rejects.toMatchObject({
        name: 'SignatureDoesNotMatch',
      });
    },
  );
});

function clientOf(endpoint: string, { accessKey, secretKey }: S3Keys): Disposable & { readonly it: S3Client } {
  const it = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { it, [Symbol.dispose]: () => it.destroy() };
}
