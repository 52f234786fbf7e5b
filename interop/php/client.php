<?php

declare(strict_types=1);

/*
 * A client of the proofing API as a PHP developer would write it: ext-soap in WSDL mode with a class map.
 *
 * Reads one JSON object from standard input and prints one on standard output. Always given: `base` (for example
 * `http://127.0.0.1:8080`) and `verb`:
 *
 * create   login, password, file, name, reviewer {email, name, role}, others [{email, name, role}]
 *          -> operations, session, upload, proof, reviewer
 * read     session, file_id -> alive, proof, status, url, versions, reviewers, comments, listed
 * reply    session, file_id, reviewer_id, comment_id, text -> reply, replies
 * faults   login, password -> {case: {code, text}}
 */

require __DIR__ . '/types.php';

const TIMEOUT = 30;

ini_set('default_socket_timeout', (string) TIMEOUT);
ini_set('soap.wsdl_cache_enabled', '0');

/** The class map makes ext-soap hand out objects of our own classes, as generated clients do. */
function connect(string $base): SoapClient
{
    return new SoapClient("$base/soap?wsdl", [
        'classmap' => [
            'SOAPLoginObject' => SOAPLoginObject::class,
            'SOAPFileObject' => SOAPFileObject::class,
            'SOAPFileObjectArray' => SOAPFileObjectArray::class,
            'SOAPFileRecipientObject' => SOAPFileRecipientObject::class,
            'SOAPFileRecipientObjectArray' => SOAPFileRecipientObjectArray::class,
            'SOAPRecipientObject' => SOAPRecipientObject::class,
            'SOAPRecipientObjectArray' => SOAPRecipientObjectArray::class,
            'SOAPCommentObject' => SOAPCommentObject::class,
            'SOAPCommentObjectArray' => SOAPCommentObjectArray::class,
            'SOAPCommentReplyObject' => SOAPCommentReplyObject::class,
            'SOAPCommentReplyObjectArray' => SOAPCommentReplyObjectArray::class,
        ],
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        'cache_wsdl' => WSDL_CACHE_NONE,
        'trace' => true,
        'exceptions' => true,
        'connection_timeout' => TIMEOUT,
    ]);
}

/** The members of an array object; an empty one has no `item`. */
function items(object $array): array
{
    return $array->item ?? [];
}

function upload(string $base, string $path): array
{
    $curl = curl_init("$base/upload.php");
    curl_setopt_array($curl, [
        CURLOPT_POSTFIELDS => ['file1' => new CURLFile($path, 'application/octet-stream', basename($path))],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => TIMEOUT,
    ]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        throw new RuntimeException(curl_error($curl));
    }
    $item = (new SimpleXMLElement($answer))->item[0];
    return array_map('strval', get_object_vars($item));
}

function create(SoapClient $api, object $job): array
{
    $login = $api->doLogin($job->login, $job->password);
    $upload = upload($job->base, $job->file);
    // As positional arguments; everything after the subject is left to the server.
    $proof = $api->createProof($login->session, 0, $upload['filehash'], $job->name, $upload['filename'], 'Please review');
    $reviewer = $api->addProofReviewer(
        $login->session, (string) $proof->file_id, $job->reviewer->email, $job->reviewer->name, '', '', $job->reviewer->role, '9',
    );
    if (!empty($job->others)) {
        $people = new SOAPFileRecipientObjectArray();
        foreach ($job->others as $other) {
            $person = new SOAPFileRecipientObject();
            [$person->name, $person->email, $person->role, $person->notifications] = [$other->name, $other->email, $other->role, '9'];
            [$person->deadline, $person->position, $person->primary_decision_maker] = ['', '', 'false'];
            $people->item[] = $person;
        }
        $api->addProofReviewers($login->session, $proof->file_id, $people);
    }
    preg_match_all('/^\S+ (\w+)\(/m', implode("\n", $api->__getFunctions()), $operations);
    sort($operations[1]);
    return [
        'operations' => $operations[1], 'login' => $login, 'session' => $login->session, 'upload' => $upload,
        'proof' => $proof, 'reviewer' => $reviewer,
        'classes' => ['proof' => get_class($proof), 'reviewer' => get_class($reviewer)],
    ];
}

function read(SoapClient $api, object $job): array
{
    $id = $job->file_id;
    $comments = items($api->getProofComments($job->session, $id));
    foreach ($comments as $comment) {
        $comment->replies = items($comment->replies);
    }
    $ids = fn (object $proofs): array => array_map(fn (SOAPFileObject $proof): int => $proof->file_id, items($proofs));
    return [
        'alive' => $api->checkSession($job->session),
        'proof' => $api->getProofDetails($job->session, $id),
        'status' => $api->getProofStatus($job->session, $id),
        'url' => $api->getProofURL($job->session, $id),
        'versions' => $ids($api->getProofVersions($job->session, $id)),
        'reviewers' => items($api->getProofReviewers($job->session, (string) $id)),
        'comments' => $comments,
        'listed' => $ids($api->getAllProofs($job->session, 0, '', 50)),
    ];
}

function reply(SoapClient $api, object $job): array
{
    $reply = $api->addCommentReply($job->session, $job->file_id, $job->reviewer_id, $job->comment_id, $job->text);
    return ['reply' => $reply, 'replies' => items($api->getProofCommentReplies($job->session, $job->file_id, $job->comment_id))];
}

function faults(SoapClient $api, object $job): array
{
    $session = $api->doLogin($job->login, $job->password)->session;
    // A client without WSDL sends what the WSDL would not let pass.
    $loose = new SoapClient(null, [
        'location' => "$job->base/soap", 'uri' => 'https://soap.proofhq.com/', 'connection_timeout' => TIMEOUT,
    ]);
    $cases = [
        'bad_login' => fn () => $api->doLogin($job->login, 'wrong'),
        'bad_session' => fn () => $api->getProofDetails('nosuchsession', 1),
        'missing_hash' => fn () => $loose->__soapCall('createProof', [
            new SoapParam($session, 'SessionID'), new SoapParam(0, 'OwnerID'), new SoapParam('x', 'Name'), new SoapParam('x.pdf', 'SourceName'),
        ]),
        'unknown_proof' => fn () => $api->getProofDetails($session, 999999999),
        'unknown_operation' => fn () => $loose->__soapCall('makeCoffee', [new SoapParam($session, 'SessionID')]),
    ];
    $seen = [];
    foreach ($cases as $case => $call) {
        try {
            $seen[$case] = ['answered' => $call()];
        } catch (SoapFault $fault) {
            $seen[$case] = ['code' => $fault->faultcode, 'text' => $fault->faultstring];
        }
    }
    return $seen;
}

$job = json_decode(stream_get_contents(STDIN), flags: JSON_THROW_ON_ERROR);
$verbs = ['create' => create(...), 'read' => read(...), 'reply' => reply(...), 'faults' => faults(...)];
echo json_encode($verbs[$job->verb](connect($job->base), $job), JSON_THROW_ON_ERROR);
