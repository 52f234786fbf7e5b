<?php

declare(strict_types=1);

/*
 * Classes for the class map, one per type of the WSDL that the client uses, as a generator writes them.
 */

/** The settings that follow in the login object are of no interest here and stay dynamic. */
#[AllowDynamicProperties]
final class SOAPLoginObject
{
    public $session;
    public $user_id;
    public $user_name;
    public $user_email;
    public $organisation_id;
    public $organisation_name;
}

final class SOAPFileObject
{
    public $file_id;
    public $type;
    public $filename;
    public $filesize;
    public $version;
    public $versions;
    public $upload_time;
    public $uploader;
    public $owner;
    public $deadline;
    public $workspace_id;
    public $workspace_name;
    public $status;
    public $decision;
    public $team_url;
    public $settings;
    public $custom_link_url;
    public $custom_link_label;
    public $menus_links;
    public $swf;
    public $decision_reasons;
}

final class SOAPFileRecipientObject
{
    public $name;
    public $email;
    public $role;
    public $notifications;
    public $deadline;
    public $position;
    public $primary_decision_maker;
}

final class SOAPRecipientObject
{
    public $id;
    public $name;
    public $email;
    public $position;
    public $role;
    public $proof_url;
    public $dowload_url;
    public $decision;
    public $deadline;
    public $email_notifications;
    public $replies_count;
    public $comments_count;
    public $primary_decision_maker;
    public $decision_reasons;
}

final class SOAPCommentObject
{
    public $id;
    public $reviewer_id;
    public $author;
    public $comment;
    public $created_at;
    public $replies_count;
    public $replies;
    public $url;
    public $drawing_xml;
    public $location;
}

final class SOAPCommentReplyObject
{
    public $id;
    public $comment_id;
    public $reviewer_id;
    public $author;
    public $comment;
    public $created_at;
    public $url;
}

final class SOAPFileObjectArray
{
    public array $item = [];
}

final class SOAPFileRecipientObjectArray
{
    public array $item = [];
}

final class SOAPRecipientObjectArray
{
    public array $item = [];
}

final class SOAPCommentObjectArray
{
    public array $item = [];
}

final class SOAPCommentReplyObjectArray
{
    public array $item = [];
}
